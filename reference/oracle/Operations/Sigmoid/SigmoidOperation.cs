namespace Conformance.Oracle.Operations;

/// <summary>
/// sigmoid: y = 1/(1 + e⁻ˣ), dx = dy·y·(1 − y). Bounds: c = 12, S = 0. The slope (1 − y)·y changes by 1 − 2y with y. Near y = 0 it
/// changes in proportion to y, which c·|dx| covers. Calibrated over 100 draws of each of four shapes, up to ±120: a naive float32 loop reaches 0.25
/// of the tolerance, where e⁻ˣ overflows and its reciprocal is 0 instead of up to 2⁻¹²⁸.
/// </summary>
public sealed class SigmoidOperation()
    : ActivationOperation("sigmoid", new(x => 1 / (1 + Math.Exp(-x)), (_, y) => (1 - y) * y), relative: 12, absolute: 0)
{
    public override IReadOnlyList<Defect> Defects => SigmoidDefects.All;

    protected override double SlopeByValue(double y) => y;

    protected override LayerResult AnswerInFloat32(LayerCase layerCase, Summation order) => PlainActivations.Sigmoid(layerCase);
}
