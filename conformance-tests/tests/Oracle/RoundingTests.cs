using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>
/// What the bounds were calibrated with: naive float32 engines, in the formulas that people write. Each stays within a quarter of the tolerance over
/// many draws; the docstrings of the bounds name the largest figure.
/// </summary>
internal sealed class RoundingTests
{
    private const int Draws = 100;

    private static readonly Dictionary<string, Func<LayerCase, LayerResult>> Engines = new()
    {
        ["tanh"] = layerCase => Elementwise(layerCase, MathF.Tanh, (_, y) => 1 - y * y),
        ["tanh by exponentials"] = layerCase => Elementwise(layerCase, TanhByExponentials, (_, y) => 1 - y * y),
        ["sigmoid"] = layerCase => Elementwise(layerCase, x => 1 / (1 + MathF.Exp(-x)), (_, y) => y * (1 - y)),
        ["softmax"] = layerCase => Rows(layerCase, SoftmaxRow),
        ["log_softmax"] = layerCase => Rows(layerCase, LogSoftmaxRow),
        ["log_softmax by the logsumexp"] = layerCase => Rows(layerCase, LogSoftmaxRowByLogSumExp),
        ["dropout"] = Dropout,
        ["dropout by the reciprocal"] = DropoutByReciprocal,
        ["leaky_relu"] = layerCase => Elementwise(
            layerCase, x => x > 0 ? x : x * (float)layerCase.Attributes.Number("negative_slope"),
            (x, _) => x > 0 ? 1 : (float)layerCase.Attributes.Number("negative_slope")),
    };

    [TestCase("tanh", "n9c40", "n3c7", "n9c40-large", "n3c19-special")]
    [TestCase("tanh by exponentials", "n9c40", "n3c7")]
    [TestCase("sigmoid", "n9c40", "n3c7", "n9c40-large", "n3c19-special")]
    [TestCase("softmax", "n1c3", "n5c7", "n9c40", "n3c500", "n5c7-large", "n9c40-mixed", "n8c9-masked", "n2c3h4w5-a2")]
    [TestCase("log_softmax", "n1c3", "n5c7", "n9c40", "n3c500", "n5c7-large", "n9c40-mixed", "n8c9-masked", "n2c3h4w5-a2")]
    [TestCase("log_softmax by the logsumexp", "n1c3", "n5c7", "n9c40", "n3c500", "n5c7-large", "n9c40-mixed", "n8c9-masked", "n2c3h4w5-a2")]
    public void ANaiveEngineIsWithinAQuarterOfTheTolerance(string engine, params string[] geometries) => Judge(engine, geometries, 0.25);

    /// <summary>These bounds are derived, not calibrated: they hold, and a good part of them is used.</summary>
    [TestCase("dropout", "n9c40-p0.1", "n9c40-p0.3", "n9c40-p0.9", "n9c40-p0.99")]
    [TestCase("dropout by the reciprocal", "n9c40-p0.1", "n9c40-p0.3", "n9c40-p0.9", "n9c40-p0.99")]
    [TestCase("leaky_relu", "n9c40", "n9c40-s0.2", "n9c40-s0.3")]
    public void ANaiveEngineIsWithinADerivedBound(string engine, params string[] geometries) => Judge(engine, geometries, 1);

    private static void Judge(string engine, string[] geometries, double most)
    {
        var (worst, where) = (0.0, "");
        foreach (var geometry in geometries)
            for (var seed = 1ul; seed <= Draws; seed++)
            {
                var question = Question.AnsweredByTheOracle(AllOperations.Draw($"{engine.Split(' ')[0]}/{geometry}", seed));
                var error = Separation.Measure(question.Case, question.Expected, Engines[engine](question.Case), question.Bound);
                if (error > worst)
                    (worst, where) = (error, $"{geometry}, seed {seed}");
            }
        TestContext.Out.WriteLine($"{engine}: {worst:G3} of the tolerance at most, {where}");
        Assert.That(worst, Is.InRange(double.Epsilon, most), where);
    }

    private static float TanhByExponentials(float x)
    {
        var (up, down) = (MathF.Exp(x), MathF.Exp(-x));
        return (up - down) / (up + down);
    }

    private static LayerResult Elementwise(LayerCase layerCase, Func<float, float> value, Func<float, float, float> slope)
    {
        var (x, dy) = (layerCase.Input("input"), layerCase.Cotangents["output"]);
        var i = -1;
        return Answer(x.Select(x => value((float)x)), x.Select(x => (float)dy[++i] * slope((float)x, value((float)x))));
    }

    private static LayerResult Rows(LayerCase layerCase, Func<float[], float[], (float[] Y, float[] Dx)> row)
    {
        var (x, dy, axis) = (layerCase.Input("input"), layerCase.Cotangents["output"], layerCase.Attributes.Int("dim"));
        var (y, dx) = (new double[x.Length], new double[x.Length]);
        var length = x.Shape[axis];
        var step = x.Shape[(axis + 1)..].ToArray().Aggregate(1, (a, b) => a * b);
        for (var first = 0; first < x.Length; first++)
        {
            if (first / step % length != 0)
                continue;
            int At(int i) => first + i * step;
            var (values, gradient) = row(
                [.. Enumerable.Range(0, length).Select(i => (float)x[At(i)])], [.. Enumerable.Range(0, length).Select(i => (float)dy[At(i)])]);
            for (var i = 0; i < length; i++)
                (y[At(i)], dx[At(i)]) = (values[i], gradient[i]);
        }
        return Answer(new(x.Shape, y), new(x.Shape, dx));
    }

    private static (float[] Y, float[] Dx) SoftmaxRow(float[] x, float[] dy)
    {
        var (max, sum, dot) = (x.Max(), 0f, 0f);
        var y = Array.ConvertAll(x, value => MathF.Exp(value - max));
        foreach (var value in y)
            sum += value;
        y = Array.ConvertAll(y, value => value / sum);
        for (var i = 0; i < y.Length; i++)
            dot += y[i] * dy[i];
        return (y, [.. y.Select((value, i) => value * (dy[i] - dot))]);
    }

    private static (float[] Y, float[] Dx) LogSoftmaxRow(float[] x, float[] dy)
    {
        var (max, sum) = (x.Max(), 0f);
        foreach (var value in x)
            sum += MathF.Exp(value - max);
        return LogSoftmaxRow(Array.ConvertAll(x, value => value - max - MathF.Log(sum)), dy, value => MathF.Exp(value));
    }

    private static (float[] Y, float[] Dx) LogSoftmaxRowByLogSumExp(float[] x, float[] dy)
    {
        var (max, sum) = (x.Max(), 0f);
        foreach (var value in x)
            sum += MathF.Exp(value - max);
        var lse = max + MathF.Log(sum);
        return LogSoftmaxRow(Array.ConvertAll(x, value => value - lse), dy, value => MathF.Exp(value));
    }

    private static (float[] Y, float[] Dx) LogSoftmaxRow(float[] y, float[] dy, Func<float, float> exp)
    {
        var sum = 0f;
        foreach (var value in dy)
            sum += value;
        return (y, [.. dy.Select((value, i) => value - exp(y[i]) * sum)]);
    }

    private static LayerResult Dropout(LayerCase layerCase) => Scaled(layerCase, (value, mask, kept) => value * mask / kept);

    private static LayerResult DropoutByReciprocal(LayerCase layerCase) => Scaled(layerCase, (value, mask, kept) => value * (mask * (1 / kept)));

    private static LayerResult Scaled(LayerCase layerCase, Func<float, float, float, float> scale)
    {
        var (x, dy, mask) = (layerCase.Input("input"), layerCase.Cotangents["output"], layerCase.Input("mask"));
        var kept = 1 - (float)layerCase.Attributes.Number("p");
        var (i, j) = (-1, -1);
        return Answer(
            x.Select(value => scale((float)value, (float)mask[++i], kept)), dy.Select(value => scale((float)value, (float)mask[++j], kept)));
    }

    private static LayerResult Answer(Tensor64 output, Tensor64 gradient) =>
        new(new Dictionary<string, Tensor64> { ["output"] = output }, new Dictionary<string, Tensor64> { ["input"] = gradient });
}
