namespace Conformance.Tests.Blind.Second;

internal sealed class Second25 : SecondEngine
{
    public override string Name => "second-25";

    protected override float LeakyBackward(float x, float dy, float slope) => x >= 0 ? dy : dy * slope;

    protected override float SigmoidForward(float x) => 1 / (1 + MathF.Exp(-Math.Clamp(x, -10, 10)));
}
