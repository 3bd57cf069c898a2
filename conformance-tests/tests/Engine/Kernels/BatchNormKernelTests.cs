using System.Runtime.Intrinsics;
using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Fast;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Kernels;

/// <summary>What the cases of batch norm can't show of its kernels.</summary>
internal sealed class BatchNormKernelTests
{
    [Test]
    public void EveryVectorWidthGivesTheSameBits([Values] bool training)
    {
        var narrow = Run<Simd128>(training);
        if (Vector256.IsHardwareAccelerated)
            Assert.That(Run<Simd256>(training), Is.EqualTo(narrow));
        if (Vector512.IsHardwareAccelerated)
            Assert.That(Run<Simd512>(training), Is.EqualTo(narrow));
        Assert.That(narrow, Has.None.NaN);
    }

    /// <summary>Many values far from zero: a float32 sum of a plane would lose the mean's last digits.</summary>
    [Test]
    public void TheStatisticsOfALargePlaneFarFromZeroKeepTheirDigits([Values("clear", "fast")] string kernel)
    {
        var noise = Fill.Normals(3, 20, 1, 40, 50);
        var layer = new BatchNorm2d(1, momentum: 1, kernels: KernelChoice.Named(kernel));
        var values = noise.ToArray().Select(value => 1000 + value).ToArray();
        layer.Forward(Tensor.From(values, 20, 1, 40, 50));

        double mean = values.Average(value => (double)value), variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        Assert.That(layer.RunningMean.ToArray()[0], Is.EqualTo(mean).Within(2e-7 * mean));
        Assert.That(layer.RunningVar.ToArray()[0], Is.EqualTo(variance).Within(2e-5 * variance));
    }

    /// <summary>The mean lies between two neighbours in float32; measured from either, the squares would be twice as large.</summary>
    [Test]
    public void TheVarianceOfNeighboursIsMeasuredFromTheirMean([Values("clear", "fast")] string kernel)
    {
        float low = 16384, high = MathF.BitIncrement(low);
        var layer = new BatchNorm1d(1, momentum: 1, kernels: KernelChoice.Named(kernel));
        layer.Forward(Tensor.From([.. Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? low : high)], 32, 1));
        double variance = Math.Pow((high - low) / 2.0, 2) * 32 / 31;
        Assert.That(layer.RunningVar.ToArray()[0], Is.EqualTo(variance).Within(1e-6 * variance));
    }

    [Test]
    public void AValueThatIsNotFiniteSpoilsItsChannelAlone(
        [Values("clear", "fast")] string kernel, [Values(float.NaN, float.PositiveInfinity)] float value)
    {
        var layer = new BatchNorm2d(2, kernels: KernelChoice.Named(kernel));
        var input = Fill.Normals(1, 18, 2, 2, 2);
        input.Span[17 * 8 + 4] = value;
        var output = layer.Forward(input).ToArray();
        var gradient = layer.Backward(Fill.Normals(2, 18, 2, 2, 2)).ToArray();
        for (var i = 0; i < output.Length; i++)
        {
            Assert.That(float.IsNaN(output[i]), Is.EqualTo(i / 4 % 2 == 1), $"output {i}");
            Assert.That(float.IsNaN(gradient[i]), Is.EqualTo(i / 4 % 2 == 1), $"gradient {i}");
        }
    }

    private static float[] Run<T>(bool training) where T : unmanaged, ISimd<T>
    {
        const int Images = 21, Channels = 3, Height = 10, Width = 13; // more positions than one float32 sum takes
        var o = new BatchNormOperands
        {
            Weight = new("weight", Channels),
            Bias = new("bias", Channels),
            RunningMean = Fill.Normals(1, Channels),
            RunningVar = Tensor.From([1, 2, 3], Channels),
            NumBatchesTracked = Tensor.Zeros(),
            Momentum = 0.1,
            Eps = 1e-5,
            Training = training,
            Share = 0.1,
            Mean = new float[Channels],
            InverseDeviation = new float[Channels],
            GradientSum = new float[Channels],
            GradientDotNormal = new float[Channels],
            Input = Fill.Blocked(Fill.Normals(2, Images, Channels, Height, Width)),
            Output = Fill.Blocked(Tensor.Zeros(Images, Channels, Height, Width)),
            OutputGradient = Fill.Blocked(Fill.Normals(3, Images, Channels, Height, Width)),
            InputGradient = Fill.Blocked(Tensor.Zeros(Images, Channels, Height, Width)),
        };
        o.Weight.Value.CopyFrom([1, -2, 0.5f]);
        var kernel = new FastBatchNorm<T>(o);
        kernel.Prepare();
        for (int c = 0; c < Channels && training; c++)
            kernel.ForwardUnit(c);
        for (int block = 0; block < o.Input.Blocks; block++)
            kernel.Forward(block);
        for (int c = 0; c < Channels; c++)
            kernel.BackwardUnit(c);
        for (int block = 0; block < o.Input.Blocks; block++)
            kernel.Backward(block);
        return
        [
            .. o.Output.ToArray(), .. o.InputGradient.ToArray(), .. o.Weight.Gradient.ToArray(), .. o.Bias.Gradient.ToArray(),
            .. o.RunningMean.ToArray(), .. o.RunningVar.ToArray(),
        ];
    }
}
