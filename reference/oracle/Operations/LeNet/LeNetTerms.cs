namespace Conformance.Oracle.Operations;

/// <summary>What a training can get wrong around layers that are right.</summary>
/// <param name="Learns">Whether a parameter, by its state name, is updated.</param>
/// <param name="KeepsBuffer">The momentum buffer outlives the step.</param>
/// <param name="ZeroesGradients">The gradients start from zero at each step.</param>
/// <param name="Layer">The defect of a layer, by its name (<c>loss</c> is one too); it has none where the defect is of another operation.</param>
public sealed record LeNetTerms(Func<string, bool> Learns, Func<string, Defect?> Layer, bool KeepsBuffer = true, bool ZeroesGradients = true)
{
    public static LeNetTerms Right { get; } = new(_ => true, _ => null);
}
