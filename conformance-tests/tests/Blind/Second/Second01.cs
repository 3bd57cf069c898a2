using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal sealed class Second01 : SecondEngine
{
    public override string Name => "second-01";

    protected override ConvPlan PlanConv(LayerCase layerCase, Grid x, Grid w, Grid? b)
    {
        var plan = base.PlanConv(layerCase, x, w, b);
        var rows = plan.Top + plan.Bottom;
        var columns = plan.Left + plan.Right;
        var top = (rows + 1) / 2;
        var left = (columns + 1) / 2;
        return plan with { Top = top, Bottom = rows - top, Left = left, Right = columns - left };
    }
}
