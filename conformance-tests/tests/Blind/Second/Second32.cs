namespace Conformance.Tests.Blind.Second;

internal sealed class Second32 : SecondEngine
{
    public override string Name => "second-32";

    private double _power1;
    private double _power2;

    protected override void AdamStep(float[] p, float[] gradient, AdamState state, float lr, AdamPlan plan)
    {
        if (state.Steps++ == 0)
            _power1 = _power2 = 1;
        for (var k = 0; k < p.Length; k++)
        {
            _power1 *= plan.Beta1;
            _power2 *= plan.Beta2;
            var g = gradient[k] + (float)plan.Decay * p[k];
            state.Mean[k] = (float)plan.Beta1 * state.Mean[k] + (float)(1 - plan.Beta1) * g;
            state.Square[k] = (float)plan.Beta2 * state.Square[k] + (float)(1 - plan.Beta2) * g * g;
            var mean = state.Mean[k] / (float)(1 - _power1);
            var square = state.Square[k] / (float)(1 - _power2);
            p[k] -= lr * mean / (MathF.Sqrt(square) + plan.Eps);
        }
    }
}
