namespace Conformance.Tests.Blind.Second;

internal sealed class Second17 : SecondEngine
{
    public override string Name => "second-17";

    protected override (int Start, int End) Bin(int i, int extent, int count)
    {
        var stride = extent / count;
        var kernel = extent - (count - 1) * stride;
        return (i * stride, i * stride + kernel);
    }
}
