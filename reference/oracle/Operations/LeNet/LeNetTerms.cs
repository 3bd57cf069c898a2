namespace Conformance.Oracle.Operations;

/// <summary>The terms of a training around its layers, which a defect can replace.</summary>
/// <param name="Learns">Whether a parameter is updated, by its state name.</param>
/// <param name="KeepsBuffer">Whether the momentum buffer lasts from step to step.</param>
/// <param name="ZeroesGradients">Whether the gradients start from zero at each step.</param>
/// <param name="Layer">The defect of a layer, by its name (<c>loss</c> counts as a layer); null for none.</param>
public sealed record LeNetTerms(Func<string, bool> Learns, Func<string, Defect?> Layer, bool KeepsBuffer = true, bool ZeroesGradients = true)
{
    public static LeNetTerms Right { get; } = new(_ => true, _ => null);
}
