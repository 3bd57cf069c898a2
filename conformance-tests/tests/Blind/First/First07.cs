namespace Conformance.Tests.Blind.First;

internal sealed class First07 : FirstEngine
{
    public override string Name => "first-07";

    protected override (int Start, int End) Bin(int i, int extent, int bins)
    {
        var stride = extent / bins;
        var kernel = extent - (bins - 1) * stride;
        return (i * stride, i * stride + kernel);
    }
}
