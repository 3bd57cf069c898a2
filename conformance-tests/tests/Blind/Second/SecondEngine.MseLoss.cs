using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal partial class SecondEngine
{
    private LayerResult MseLoss(LayerCase layerCase)
    {
        var x = In(layerCase, "input");
        var t = In(layerCase, "target");
        Require(x.Shape.AsSpan().SequenceEqual(t.Shape), "mse_loss: input and target disagree");
        var reduction = layerCase.Attributes.Has("reduction") ? layerCase.Attributes.Text("reduction") : "mean";
        var squares = new float[x.Length];
        var sum = 0f;
        for (var k = 0; k < squares.Length; k++)
        {
            var error = x.Data[k] - t.Data[k];
            squares[k] = error * error;
            sum += squares[k];
        }
        var dy = reduction == "none" ? Upstream(layerCase, x.Length) : null;
        var dx = MseGradient(x, t.Data, dy, reduction);
        return reduction switch
        {
            "none" => Answer(x.Shape, squares, ("input", Grid.Wide(x.Shape, dx))),
            "sum" => Answer([], [sum], ("input", Grid.Wide(x.Shape, dx))),
            _ => Answer([], [sum / x.Length], ("input", Grid.Wide(x.Shape, dx))),
        };
    }

    protected virtual float[] MseGradient(Grid x, float[] t, float[]? dy, string reduction)
    {
        var dx = new float[x.Length];
        for (var k = 0; k < dx.Length; k++)
            dx[k] = 2 * (x.Data[k] - t[k]) * (dy is null ? 1 : dy[k]) / (reduction == "mean" ? x.Length : 1);
        return dx;
    }
}
