namespace Conformance.Tests.Blind.First;

internal sealed class First12 : FirstEngine
{
    public override string Name => "first-12";

    protected override int MaxPoolExtent(int extent, int kernel, int stride, int padding, int dilation, bool ceil)
    {
        var rest = extent + 2 * padding - dilation * (kernel - 1) - 1;
        if (rest < 0)
            return PoolExtent(extent, kernel, stride, padding, dilation, ceil);
        return ceil ? (int)Math.Ceiling(rest / (double)stride) + 1 : rest / stride + 1;
    }
}
