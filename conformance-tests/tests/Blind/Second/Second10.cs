namespace Conformance.Tests.Blind.Second;

internal sealed class Second10 : SecondEngine
{
    public override string Name => "second-10";

    protected override float[] LinearForward(float[] x, float[] w, float[]? b, int rows, int inputs, int units)
    {
        var y = new float[rows * units];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < units; o++)
            {
                var row = x.AsSpan(n * inputs, inputs);
                var unit = w.AsSpan(o * inputs, inputs);
                float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
                for (var i = 0; i + 3 < inputs; i += 4)
                {
                    s0 += row[i] * unit[i];
                    s1 += row[i + 1] * unit[i + 1];
                    s2 += row[i + 2] * unit[i + 2];
                    s3 += row[i + 3] * unit[i + 3];
                }
                y[n * units + o] = s0 + s1 + (s2 + s3) + (b is null ? 0 : b[o]);
            }
        return y;
    }

    protected override void SgdStep(float[] p, ReadOnlySpan<float> gradient, float[] buffer, float lr, int step, SgdPlan plan)
    {
        for (var k = 0; k < p.Length; k++)
        {
            var g = gradient[k] + plan.Decay * p[k];
            buffer[k] = plan.Momentum * buffer[k] + (1 - plan.Dampening) * g;
            if (plan.Momentum == 0)
                p[k] -= lr * g;
            else
                p[k] -= lr * (plan.Nesterov ? g + plan.Momentum * buffer[k] : buffer[k]);
        }
    }
}
