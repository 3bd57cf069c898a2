namespace Conformance.Oracle.Operations;

/// <summary>
/// tanh: y = tanh x, dx = dy·(1 − y²). Bounds: c = 12 and S = 12, because an engine may compute it from exponentials, (eˣ − e⁻ˣ)/(eˣ +
/// e⁻ˣ), whose difference cancels around 0. Calibrated over 100 draws of each of four shapes, up to ±120: MathF.Tanh reaches 0.08 of the
/// tolerance, the exponentials 0.10 (two shapes, up to ±4, because they overflow beyond).
/// </summary>
public sealed class TanhOperation() : ActivationOperation("tanh", new(Math.Tanh, (_, y) => 1 - y * y), relative: 12, absolute: 12)
{
    public override IReadOnlyList<Defect> Defects => TanhDefects.All;

    protected override double SlopeByValue(double y) => 2 * Math.Abs(y);

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainActivations.Tanh(layerCase);
}
