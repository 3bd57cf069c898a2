using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First36 : FirstEngine
{
    public override string Name => "first-36";

    protected override float[] LogSoftmaxRowGradient(float[] y, float[] dy)
    {
        var dx = new float[y.Length];
        for (var i = 0; i < y.Length; i++)
            dx[i] = dy[i] * (1 - MathF.Exp(y[i]));
        return dx;
    }

    protected override LayerResult CrossEntropy(LayerCase layerCase)
    {
        var classes = Shape(layerCase, "input", 2)[1];
        var ignore = layerCase.Attributes.Has("ignore_index") ? layerCase.Attributes.Int("ignore_index") : -100;
        var target = layerCase.Input("target").Select(label => label < 0 && label != ignore ? label + classes : label);
        return base.CrossEntropy(layerCase with { Inputs = new Dictionary<string, Tensor64>(layerCase.Inputs) { ["target"] = target } });
    }
}
