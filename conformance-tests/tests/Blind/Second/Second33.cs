namespace Conformance.Tests.Blind.Second;

internal sealed class Second33 : SecondEngine
{
    public override string Name => "second-33";

    protected override void AdamWStep(float[] p, float[] gradient, AdamState state, float lr, AdamPlan plan)
    {
        AdamMove(p, gradient, state, lr, plan);
        var decay = (float)(lr * plan.Decay);
        for (var k = 0; k < p.Length; k++)
            p[k] -= decay * p[k];
    }
}
