using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal partial class FirstEngine
{
    protected virtual LayerResult MseLoss(LayerCase layerCase)
    {
        var input = layerCase.Input("input");
        if (!layerCase.Input("target").HasShape(input.Shape))
            throw new ArgumentException("input and target must have one shape");
        var reduction = layerCase.Attributes.Has("reduction") ? layerCase.Attributes.Text("reduction") : "mean";
        if (reduction is not ("none" or "sum" or "mean"))
            throw new ArgumentException($"no reduction '{reduction}'");
        var (x, t) = (Floats(input), Floats(layerCase.Input("target")));
        var dy = reduction == "none" ? Cotangent(layerCase) : null;
        var (losses, dx) = (new float[x.Length], new float[x.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            losses[i] = (x[i] - t[i]) * (x[i] - t[i]);
            dx[i] = 2 * (x[i] - t[i]) * (dy?[i] ?? 1) / (reduction == "mean" ? x.Length : 1);
        }
        if (reduction == "none")
            return Result(Tensor(input.Shape, losses), Tensor(input.Shape, dx));
        var sum = MseSum(losses);
        return Result(Tensor([], [reduction == "mean" ? sum / x.Length : sum]), Tensor(input.Shape, dx));
    }

    protected virtual float MseSum(float[] losses)
    {
        var sum = 0f;
        foreach (var loss in losses)
            sum += loss;
        return sum;
    }
}
