namespace Conformance.Tests.Blind.Second;

internal sealed class Second28 : SecondEngine
{
    public override string Name => "second-28";

    protected override float MeanDivisor(string op, int[] targets, float[]? weight, int ignore) =>
        op == "nll_loss" ? targets.Count(target => target != ignore) : base.MeanDivisor(op, targets, weight, ignore);
}
