namespace Conformance.Tests.Blind.Second;

internal sealed class Second31 : SecondEngine
{
    public override string Name => "second-31";

    protected override void SgdStep(float[] p, ReadOnlySpan<float> gradient, float[] buffer, float lr, int step, SgdPlan plan)
    {
        for (var k = 0; k < p.Length; k++)
        {
            var direction = gradient[k];
            if (plan.Momentum != 0)
            {
                buffer[k] = step == 0 ? gradient[k] : plan.Momentum * buffer[k] + (1 - plan.Dampening) * gradient[k];
                direction = plan.Nesterov ? gradient[k] + plan.Momentum * buffer[k] : buffer[k];
            }
            p[k] -= lr * (direction + plan.Decay * p[k]);
        }
    }
}
