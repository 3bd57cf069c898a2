namespace Conformance.Tests.Blind.Second;

internal sealed class Second15 : SecondEngine
{
    public override string Name => "second-15";

    protected override int AvgDivisor(PoolPlan p, int oh, int ow, bool counted)
    {
        if (counted)
            return p.Kh * p.Kw;
        var rows = 0;
        for (var i = oh * p.Sh - p.Ph; i < oh * p.Sh - p.Ph + p.Kh; i++)
            if (i >= 0 && i < p.H)
                rows++;
        var columns = 0;
        for (var j = ow * p.Sw - p.Pw; j < ow * p.Sw - p.Pw + p.Kw; j++)
            if (j >= 0 && j < p.W)
                columns++;
        return rows * columns;
    }
}
