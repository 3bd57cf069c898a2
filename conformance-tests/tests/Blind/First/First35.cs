namespace Conformance.Tests.Blind.First;

internal sealed class First35 : FirstEngine
{
    public override string Name => "first-35";

    private float[] _biasGradient = [];

    protected override float[] ConvBiasGradient(FirstConv g, float[] dy)
    {
        if (_biasGradient.Length != g.O)
            _biasGradient = new float[g.O];
        var area = g.OH * g.OW;
        for (var i = 0; i < dy.Length; i++)
            _biasGradient[i / area % g.O] += dy[i];
        return _biasGradient;
    }
}
