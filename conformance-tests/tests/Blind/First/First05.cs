namespace Conformance.Tests.Blind.First;

internal sealed class First05 : FirstEngine
{
    public override string Name => "first-05";

    protected override float[] SoftmaxRow(float[] x)
    {
        var max = x[0];
        var sum = 0f;
        foreach (var value in x)
        {
            if (value > max)
                max = value;
            sum += MathF.Exp(value - max);
        }
        return Array.ConvertAll(x, value => MathF.Exp(value - max) / sum);
    }
}
