using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The pools against numbers worked by hand, an independent definition, and their own central differences.</summary>
internal sealed class PoolTests
{
    /// <summary>The second and third of the upper row tie: the first wins; of two NaN the last; of −∞ alone the first.</summary>
    [TestCase(new[] { 1.0, 4, 4, 2 }, 4, 1)]
    [TestCase(new[] { 0.0, 0, 0, 0 }, 0, 0)]
    [TestCase(new[] { -3.0, -1, -2, -1 }, -1, 1)]
    [TestCase(new[] { 1.0, double.NaN, double.NaN, 9 }, double.NaN, 2)]
    [TestCase(new[] { double.NaN, 5, 6, double.PositiveInfinity }, double.NaN, 0)]
    [TestCase(
        new[] { double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity }, double.NegativeInfinity, 0)]
    [TestCase(new[] { double.NegativeInfinity, 2, double.PositiveInfinity, 3 }, double.PositiveInfinity, 2)]
    public void TheWinnerOfAWindow(double[] window, double maximum, int place)
    {
        var result = Evaluate("max_pool2d/n1c1h2w2-k2", window, [3]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { maximum }));
            Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo(Enumerable.Range(0, 4).Select(i => i == place ? 3.0 : 0)));
        });
    }

    /// <summary>A 3×3 image in windows of 2×2, stride 2, with and without ceil_mode; 1 … 9 row by row, dy 36, 72, …</summary>
    [TestCase("max_pool2d/n1c1h3w3-k2", new[] { 5.0 }, new[] { 0.0, 0, 0, 0, 36, 0, 0, 0, 0 })]
    [TestCase("max_pool2d/n1c1h3w3-k2-ceil", new[] { 5.0, 6, 8, 9 }, new[] { 0.0, 0, 0, 0, 36, 72, 0, 108, 144 })]
    [TestCase("max_pool2d/n1c1h3w3-k2-s2-p1", new[] { 1.0, 3, 7, 9 }, new[] { 36.0, 0, 72, 0, 0, 0, 108, 0, 144 })]
    [TestCase("avg_pool2d/n1c1h3w3-k2", new[] { 3.0 }, new[] { 9.0, 9, 0, 9, 9, 0, 0, 0, 0 })]
    [TestCase("avg_pool2d/n1c1h3w3-k2-ceil", new[] { 3.0, 4.5, 7.5, 9 }, new[] { 9.0, 9, 36, 9, 9, 36, 54, 54, 144 })]
    [TestCase("avg_pool2d/n1c1h3w3-k2-s2-p1", new[] { 0.25, 1.25, 2.75, 7 }, new[] { 9.0, 18, 18, 27, 36, 36, 27, 36, 36 })]
    [TestCase("avg_pool2d/n1c1h3w3-k2-s2-p1-nopad", new[] { 1.0, 2.5, 5.5, 7 }, new[] { 36.0, 36, 36, 54, 36, 36, 54, 36, 36 })]
    [TestCase("adaptive_avg_pool2d/n1c1h3w3-o2", new[] { 3.0, 4, 6, 7 }, new[] { 9.0, 27, 18, 36, 90, 54, 27, 63, 36 })]
    [TestCase("adaptive_avg_pool2d/n1c1h3w3-o1", new[] { 5.0 }, new[] { 4.0, 4, 4, 4, 4, 4, 4, 4, 4 })]
    public void ASmallImage(string id, double[] output, double[] gradient)
    {
        var result = Evaluate(id, [1, 2, 3, 4, 5, 6, 7, 8, 9], [.. output.Select((_, i) => 36.0 * (i + 1))]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outputs["output"].Data.ToArray(), Is.EqualTo(output));
            Assert.That(result.Gradients["input"].Data.ToArray(), Is.EqualTo(gradient));
        });
    }

    /// <summary>
    /// The divisor with ceil_mode, after ATen's avg_pool2d. A row of 4 with k 3, s 2, p 1 begins at −1; its last window is 3 … 6, clipped at the
    /// padded end, 5.
    /// </summary>
    [TestCase("avg_pool2d/n1c1h4w4-k1x3-s1x2-p0x1-ceil", new[] { 1.0, 3.0, 2.0 })]
    [TestCase("avg_pool2d/n1c1h4w4-k1x3-s1x2-p0x1-ceil-nopad", new[] { 1.5, 3.0, 4.0 })]
    public void TheDivisorOfAWindowBehindThePadding(string id, double[] firstRow)
    {
        var result = Evaluate(id, [.. Enumerable.Range(0, 16).Select(i => i % 4 + 1.0)], new double[12]);
        Assert.That(result.Outputs["output"].Data[..3].ToArray(), Is.EqualTo(firstRow).Within(1e-15));
    }

    /// <summary>Each stored pool case again, by loops over a padded copy, which share nothing with the taps.</summary>
    [TestCase("max_pool2d")]
    [TestCase("avg_pool2d")]
    public void APoolIsWhatLoopsOverAPaddedCopySay(string op)
    {
        foreach (var entry in Repository.Cases.Where(entry => entry.Id.StartsWith(op + "/", StringComparison.Ordinal)))
        {
            var layerCase = entry.Draw();
            if (layerCase.Refused is not null)
                continue;
            var output = AllOperations.Named(op).Evaluate(layerCase).Outputs["output"];
            for (var i = 0; i < output.Length; i++)
            {
                var loops = ByPaddedCopy(layerCase, output.IndexOf(i));
                Assert.That(
                    output[i].Equals(loops) || Math.Abs(output[i] - loops) <= 1e-12 * Math.Abs(loops),
                    $"{entry.Id} at {i}: {output[i]}, by loops {loops}");
            }
        }
    }

    /// <summary>Whatever is divided by one of the exact tier's divisors comes out exact in float32, also by the reciprocal.</summary>
    [TestCase(new[] { 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 16, 25 }, true)]
    [TestCase(new[] { 7, 13, 14, 15 }, false)]
    public void DivisionByTheReciprocalIsExact(int[] divisors, bool exact)
    {
        foreach (var divisor in divisors)
            Assert.That(IsExact(divisor), Is.EqualTo(exact), $"{divisor}");

        static bool IsExact(int divisor)
        {
            for (var quotient = 1; quotient * divisor <= ErrorBound.Budget; quotient++)
                if ((float)(quotient * divisor) * (1f / divisor) != quotient)
                    return false;
            return true;
        }
    }

    [TestCase("avg_pool2d/n2c3h8w7-k3x2-s2x3-ceil", Tier.Exact)]
    [TestCase("avg_pool2d/n2c3h8w7-k3x2-s2x3-ceil-float", Tier.Bounded)]
    [TestCase("avg_pool2d/n1c2h9w8-k7x2-s1x3", Tier.Bounded)]
    [TestCase("adaptive_avg_pool2d/n2c3h7w5-o3x2", Tier.Exact)]
    [TestCase("adaptive_avg_pool2d/n2c3h7w2-o1", Tier.Bounded)]
    public void TheTierFollowsFromTheDivisors(string id, Tier tier) => Assert.That(AllOperations.Draw(id).Tier, Is.EqualTo(tier));

    /// <summary>Averages are linear: the difference is exact up to the rounding of the division.</summary>
    [TestCase("avg_pool2d/n1c2h5w6-k3x2-s2-p1")]
    [TestCase("avg_pool2d/n1c2h4w6-k4x3-s2x3-p2x1-nopad")]
    [TestCase("avg_pool2d/n2c1h4w5-k3-s2-p1-ceil")]
    [TestCase("adaptive_avg_pool2d/n2c3h7w5-o3x2")]
    [TestCase("adaptive_avg_pool2d/n2c2h2w7-o3x4")]
    public void TheGradientOfAnAverageIsItsCentralDifference(string id)
    {
        var layerCase = AllOperations.Draw(id);
        var operation = AllOperations.Named(layerCase.Op);
        var gradient = operation.Evaluate(layerCase).Gradients["input"];
        for (var i = 0; i < gradient.Length; i++)
            Assert.That(GradientTests.Difference(layerCase, operation, "input", i, 36), Is.EqualTo(gradient[i]).Within(1e-9));
    }

    [TestCase("max_pool2d/n1c2h6w5-k2-s0x1", "stride 0×1 must be at least 1")]
    [TestCase("avg_pool2d/n1c2h3w5-k4x2", "the kernel 4×2 is larger than the padded input")]
    [TestCase("avg_pool2d/n1c1h8w6-k2-p2", "padding 2×2 is more than half the kernel 2×2")]
    [TestCase("adaptive_avg_pool2d/n2c3h0w5-o2x3", "the input [2,3,0,5] has no pixels")]
    public void WhatPyTorchRefuses(string id, string reason) => Assert.That(AllOperations.Draw(id).Refused, Is.EqualTo(reason));

    private static double ByPaddedCopy(LayerCase layerCase, int[] at)
    {
        var (x, attributes) = (layerCase.Input("input"), layerCase.Attributes);
        var (kernel, stride, padding) = (attributes.Ints("kernel_size", 2), attributes.Ints("stride", 2), attributes.Ints("padding", 2));
        var dilation = attributes.Has("dilation") ? attributes.Ints("dilation", 2) : [1, 1];
        var (h, w) = (x.Shape[2], x.Shape[3]);
        var (ph, pw) = (h + 2 * padding[0], w + 2 * padding[1]);
        var (max, sum, inside, padded) = (double.NegativeInfinity, 0.0, 0, 0);
        for (var i = 0; i < kernel[0]; i++)
            for (var j = 0; j < kernel[1]; j++)
            {
                var (row, column) = (at[2] * stride[0] + i * dilation[0], at[3] * stride[1] + j * dilation[1]);
                if (row >= ph || column >= pw)
                    continue;
                padded++;
                (row, column) = (row - padding[0], column - padding[1]);
                if (row < 0 || row >= h || column < 0 || column >= w)
                    continue;
                inside++;
                var value = x[((at[0] * x.Shape[1] + at[1]) * h + row) * w + column];
                (max, sum) = (Math.Max(max, value), sum + value);
            }
        return layerCase.Op == "max_pool2d" ? max : sum / (attributes.Flag("count_include_pad") ? padded : inside);
    }

    private static LayerResult Evaluate(string id, double[] input, double[] cotangent)
    {
        var drawn = AllOperations.Draw(id);
        return AllOperations.Named(drawn.Op).Evaluate(drawn with
        {
            Inputs = new Dictionary<string, Tensor64> { ["input"] = new(drawn.Input("input").Shape, input) },
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = new(drawn.Cotangents["output"].Shape, cotangent) },
        });
    }
}
