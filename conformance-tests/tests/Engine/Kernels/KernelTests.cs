using System.Runtime.Intrinsics;
using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Fast;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Kernels;

/// <summary>
/// Compares the fast kernels with the clear ones on integers, where every sum is exact, and the clear ones with finite differences.
/// </summary>
public sealed class KernelTests
{
    /// <summary>Layers of awkward geometry, and an input for each; 18 images are a full block and two lanes of the next.</summary>
    private static IEnumerable<TestCaseData> Geometries()
    {
        TestCaseData Case(string name, Func<KernelChoice, Module> layer, params int[] shape) =>
            new TestCaseData(layer, shape).SetArgDisplayNames(name);
        return
        [
            Case("conv2d plain", k => new Conv2d(3, 5, (3, 2), kernels: k), 18, 3, 7, 6),
            Case("conv2d strided, asymmetric", k => new Conv2d(3, 4, (3, 2), (2, 3), (1, 0, 2, 1), kernels: k), 18, 3, 8, 9),
            Case("conv2d remainder left over", k => new Conv2d(2, 6, 2, 3, kernels: k), 3, 2, 7, 10),
            Case("conv2d dilated", k => new Conv2d(2, 3, (2, 3), 1, (2, 1, 0, 3), (3, 2), kernels: k), 17, 2, 6, 7),
            Case("conv2d dilated, strided", k => new Conv2d(2, 9, 3, (3, 2), 2, 2, bias: false, kernels: k), 5, 2, 9, 11),
            Case("conv2d groups", k => new Conv2d(6, 10, (2, 3), 1, 1, groups: 2, kernels: k), 18, 6, 5, 4),
            Case("conv2d depthwise", k => new Conv2d(5, 5, 3, (1, 2), 1, groups: 5, kernels: k), 2, 5, 5, 6),
            Case("conv2d 1×1", k => new Conv2d(33, 7, 1, kernels: k), 16, 33, 3, 2),
            Case("conv2d padding wider than the kernel", k => new Conv2d(1, 2, 2, 1, 3, kernels: k), 4, 1, 2, 3),
            Case("conv2d kernel as large as the image", k => new Conv2d(2, 3, (4, 5), kernels: k), 33, 2, 4, 5),
            Case("conv2d, one more row and column fill the padding", k => new Conv2d(2, 3, 3, 2, 1, kernels: k), 18, 2, 7, 9),
            Case("max_pool2d plain", k => new MaxPool2d(2, kernels: k), 18, 3, 6, 9),
            Case("max_pool2d overlapping", k => new MaxPool2d((3, 2), (2, 1), (1, 1), kernels: k), 18, 3, 7, 6),
            Case("max_pool2d dilated", k => new MaxPool2d((2, 3), (1, 2), (1, 1), (3, 2), kernels: k), 18, 2, 7, 8),
            Case("max_pool2d ceil", k => new MaxPool2d(3, 2, 1, ceilMode: true, kernels: k), 5, 2, 6, 8),
            Case("max_pool2d sparse", k => new MaxPool2d((1, 2), (3, 4), kernels: k), 5, 2, 8, 11),
            Case("max_pool2d window of padding alone", k => new MaxPool2d(2, 1, 1, 2, kernels: k), 2, 1, 1, 2),
            Case("avg_pool2d plain", k => new AvgPool2d(2, kernels: k), 18, 3, 6, 9),
            Case("avg_pool2d overlapping", k => new AvgPool2d((4, 2), (2, 1), (2, 1), kernels: k), 18, 3, 7, 6),
            Case("avg_pool2d padding not counted", k => new AvgPool2d(2, 1, 1, countIncludePad: false, kernels: k), 18, 2, 5, 4),
            Case("avg_pool2d ceil", k => new AvgPool2d((4, 2), (3, 2), ceilMode: true, kernels: k), 5, 2, 8, 7),
            Case("adaptive_avg_pool2d", k => new AdaptiveAvgPool2d((3, 4), k), 18, 2, 6, 8),
            Case("adaptive_avg_pool2d overlapping", k => new AdaptiveAvgPool2d((4, 2), k), 5, 2, 5, 3),
            Case("relu", k => new ReLU(k), 18, 3, 5, 2),
            Case("leaky_relu", k => new LeakyReLU(0.25, k), 18, 3, 5, 2),
            Case("linear", k => new Linear(37, 13, kernels: k), 18, 37),
            Case("linear, small", k => new Linear(2, 3, bias: false, kernels: k), 1, 2),
            Case("linear, whole tiles", k => new Linear(64, 8, kernels: k), 32, 64),
        ];
    }

    [TestCaseSource(nameof(Geometries))]
    public void ClearAndFastAgreeExactlyOnIntegers(Func<KernelChoice, Module> layer, int[] shape)
    {
        var input = Fill.Integers(1, shape);
        Assert.That(Pass(layer(KernelChoice.Fast), input), Is.EqualTo(Pass(layer(KernelChoice.Clear), input)));
    }

    [TestCaseSource(nameof(Geometries))]
    public void AnotherGeometryBeforeLeavesNoTrace(Func<KernelChoice, Module> layer, int[] shape)
    {
        var input = Fill.Integers(1, shape);
        var used = layer(KernelChoice.Fast);
        int[] larger = [.. shape];
        larger[0] += 20;
        if (shape.Length == 4)
            (larger[2], larger[3]) = (shape[2] + 1, shape[3] + 1);
        Pass(used, Fill.Integers(9, larger));

        Assert.That(Pass(used, input), Is.EqualTo(Pass(layer(KernelChoice.Fast), input)));
    }

    [TestCaseSource(nameof(Geometries))]
    public void ArgumentsAreNotChangedAndNotKept(Func<KernelChoice, Module> layer, int[] shape)
    {
        var module = layer(KernelChoice.Fast);
        Fill.Integers(20, module.Parameters);
        var input = Fill.Integers(1, shape);
        float[] before = input.ToArray();
        var output = module.Forward(input);
        var cotangent = Fill.Integers(2, output.Shape.ToArray());
        float[] cotangentBefore = cotangent.ToArray(), outputBefore = output.ToArray();
        float[] gradient = module.Backward(cotangent).ToArray();
        Assert.That(input.ToArray(), Is.EqualTo(before));
        Assert.That(cotangent.ToArray(), Is.EqualTo(cotangentBefore));

        module.Forward(input);
        input.CopyFrom(new float[input.Length]);
        Assert.That(module.Backward(cotangent).ToArray(), Is.EqualTo(gradient), "the layer kept its own input");
        module.Forward(Fill.Integers(3, shape));
        Assert.That(output.ToArray(), Is.EqualTo(outputBefore), "an output stays what it was");
    }

    [TestCaseSource(nameof(Geometries))]
    public void ClearGradientsAreThoseOfFiniteDifferences(Func<KernelChoice, Module> layer, int[] shape)
    {
        shape[0] = Math.Min(shape[0], 2);
        var module = layer(KernelChoice.Clear);
        Fill.Integers(20, module.Parameters);
        var input = Spaced(shape);
        float[] values = input.ToArray();
        var cotangent = Fill.Integers(2, module.Forward(input).Shape.ToArray());
        float[] gradient = module.Backward(cotangent).ToArray();

        // All operations here are linear between ties, and the values lie 1/2 apart at least: a step of 1/8 is exact.
        for (int i = 0; i < values.Length; i += 1 + values.Length / 50)
            Assert.That(Slope(() => module.Forward(input), cotangent, input, i), Is.EqualTo(gradient[i]), $"input element {i}");
        foreach (var parameter in module.Parameters)
        {
            float[] expected = parameter.Gradient.ToArray();
            for (int i = 0; i < expected.Length; i += 1 + expected.Length / 50)
                Assert.That(
                    Slope(() => module.Forward(input), cotangent, parameter.Value, i),
                    Is.EqualTo(expected[i]),
                    $"{parameter.Name} element {i}");
        }
    }

    /// <summary>A permutation of multiples of ½, so that pooling has no ties, without 0, so that ReLU has no kink.</summary>
    private static Tensor Spaced(int[] shape)
    {
        var tensor = Tensor.Zeros(shape);
        tensor.CopyFrom([.. new BatchOrder(3).Permutation(0, tensor.Length).Select(i => (i - tensor.Length / 2) / 2f + 0.25f)]);
        return tensor;
    }

    private static float Slope(Func<Tensor> forward, Tensor cotangent, Tensor variable, int element)
    {
        float[] values = variable.ToArray();
        double At(float value)
        {
            float[] changed = [.. values];
            changed[element] = value;
            variable.CopyFrom(changed);
            return forward().ToArray().Zip(cotangent.ToArray())
                .Where(pair => float.IsFinite(pair.First)) // a window of padding alone gives −∞, whatever the input
                .Sum(pair => (double)pair.First * pair.Second);
        }
        double slope = (At(values[element] + 0.125f) - At(values[element] - 0.125f)) / 0.25;
        variable.CopyFrom(values);
        return (float)slope;
    }

    /// <summary>Output, input gradient and parameter gradients of one pass with seeded integers.</summary>
    private static float[][] Pass(Module module, Tensor input)
    {
        Fill.Integers(20, module.Parameters);
        var output = module.Forward(input);
        var inputGradient = module.Backward(Fill.Integers(2, output.Shape.ToArray()));
        return [output.ToArray(), inputGradient.ToArray(), .. module.Parameters.Select(parameter => parameter.Gradient.ToArray())];
    }

    [Test]
    public void EveryVectorWidthGivesTheSameBits()
    {
        var conv = new Conv2dOperands { Weight = new("weight", 7, 3, 3, 2), Bias = new("bias", 7), Groups = 1 };
        var linear = new LinearOperands { Weight = new("weight", 13, 37), Bias = new("bias", 13) };
        foreach (var parameter in new[] { conv.Weight, conv.Bias, linear.Weight, linear.Bias })
            parameter.Value.CopyFrom(Fill.Normals(7, parameter.Value.Shape.ToArray()).ToArray());
        var window = new Window2d("conv2d", (3, 2), (2, 1), (1, 0, 2, 1), (1, 2));
        (conv.Vertical, conv.Horizontal) = (window.Vertical(8), window.Horizontal(9));
        var pooling = new Window2d("max_pool2d", (3, 2), (2, 1), (1, 1), 1);
        var (image, vector, uneven) = (Fill.Normals(5, 18, 3, 8, 9), Fill.Normals(5, 18, 37), IntegersAndNaN(18, 3, 8, 9));
        int[] convolved = [18, 7, conv.Vertical.Output, conv.Horizontal.Output];

        float[][] Run<T>() where T : unmanaged, ISimd<T>
        {
            var loss =
                new CrossEntropyOperands { Targets = Fill.Labels(8, 18), Losses = new float[18], LossGradients = [.. Enumerable.Repeat(0.3f, 18)] };
            var pool = new MaxPool2dOperands { Vertical = pooling.Vertical(8), Horizontal = pooling.Horizontal(9) };
            int[] pooled = [18, 3, pool.Vertical.Output, pool.Horizontal.Output];
            pool.Winners = Fill.Blocked(Tensor.Zeros(pooled));
            var average = Average();
            float[] updated = Fill.Normals(9, 101).ToArray(), velocities = Fill.Normals(10, 101).ToArray();
            new FastSgd<T>().Update(updated, velocities, Fill.Normals(11, 101).ToArray(), new(0.1f, 0.9f, 1, 0, false));
            return
            [
                .. Pass(new FastConv2d<T>(conv), conv, image, convolved, conv.Weight, conv.Bias),
                .. Pass(new FastLinear<T>(linear), linear, vector, [18, 13], linear.Weight, linear.Bias),
                .. Pass(new FastMaxPool2d<T>(pool), pool, uneven, pooled), pool.Winners.ToArray(),
                .. Elementwise<T, FastReLU<T>>(new(), uneven),
                .. Elementwise<T, FastLeakyReLU<T>>(new(0.3f), uneven),
                .. Elementwise<T, FastTanh<T>>(new(), image), .. Elementwise<T, FastTanh<T>>(new(), uneven),
                .. Elementwise<T, FastSigmoid<T>>(new(), image), .. Elementwise<T, FastSigmoid<T>>(new(), uneven),
                .. Softmax<T>(false, new() { Axis = 2, Outer = 3, Length = 8, Inner = 9 }, image),
                .. Softmax<T>(true, new() { Axis = 1, Outer = 1, Length = 3, Inner = 72 }, image),
                .. Softmax<T>(false, new() { Axis = 3, Outer = 24, Length = 9, Inner = 1 }, uneven),
                .. Softmax<T>(true, new() { Axis = 3, Outer = 24, Length = 9, Inner = 1 }, uneven),
                .. Pass(new FastAveragePool<T>(average), average, image, [18, 3, 5, 4]),
                updated, velocities,
                .. Pass(new FastCrossEntropy<T>(loss), loss, Fill.Normals(5, 18, 10), [18, 10]), loss.Losses,
            ];
        }
        var narrow = Run<Simd128>();
        if (Vector256.IsHardwareAccelerated)
            Assert.That(Run<Simd256>(), Is.EqualTo(narrow));
        if (Vector512.IsHardwareAccelerated)
            Assert.That(Run<Simd512>(), Is.EqualTo(narrow));
        Assert.That(narrow.Last(), Has.None.NaN.And.None.Zero);
    }

    /// <summary>Windows of three rows, of one column more than half the image; divisors that round.</summary>
    private static AveragePoolOperands Average() => new()
    {
        Vertical = AverageWindows.FromBounds(8, 5, window => (window, window + 3, 3)),
        Horizontal = AverageWindows.FromBounds(9, 4, window => (window, window + 6, 7)),
    };

    /// <summary>Ties and zeros, where <c>&gt;</c> and <c>≥</c> part, and here and there a NaN.</summary>
    private static Tensor IntegersAndNaN(params int[] shape)
    {
        var tensor = Fill.Integers(5, shape);
        tensor.CopyFrom([.. tensor.ToArray().Select((value, i) => i % 11 == 0 ? float.NaN : value)]);
        return tensor;
    }

    private static IEnumerable<float[]> Elementwise<T, TFunction>(TFunction function, Tensor input)
        where T : unmanaged, ISimd<T>
        where TFunction : struct, IVectorFunction<T>
    {
        var o = new Operands();
        return Pass(new FastElementwise<T, TFunction>(o, function), o, input, input.Shape.ToArray());
    }

    private static IEnumerable<float[]> Softmax<T>(bool logarithm, SoftmaxOperands o, Tensor input) where T : unmanaged, ISimd<T> =>
        Pass(new FastSoftmax<T>(o, logarithm), o, input, input.Shape.ToArray());

    /// <summary>A kernel without its layer.</summary>
    private static IEnumerable<float[]> Pass(Kernel kernel, Operands o, Tensor input, int[] output, params Parameter[] parameters)
    {
        o.Input = Fill.Blocked(input);
        o.Output = Fill.Blocked(Tensor.Zeros(output));
        o.OutputGradient = Fill.Blocked(Fill.Normals(6, output));
        o.InputGradient = Fill.Blocked(Tensor.Zeros(input.Shape));
        kernel.Prepare();
        kernel.PrepareBackward();
        for (int block = 0; block < o.Input.Blocks; block++)
            kernel.Forward(block);
        for (int block = 0; block < o.Input.Blocks; block++)
            kernel.Backward(block);
        for (int unit = 0; unit < kernel.ParameterUnits; unit++)
            kernel.ParameterGradient(unit);
        return [o.Output.ToArray(), o.InputGradient.ToArray(), .. parameters.Select(parameter => parameter.Gradient.ToArray())];
    }

    [Test]
    public void NotANumberPassesReluAndWinsAPool([Values("clear", "fast")] string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        float nan = float.NaN;

        Assert.That(new ReLU(kernels).Forward(Tensor.From([nan, -1, 2], 1, 3)).ToArray(), Is.EqualTo(new[] { nan, 0, 2 }));
        var pool = new MaxPool2d((1, 3), kernels: kernels);
        Assert.That(pool.Forward(Tensor.From([nan, 9, nan, 4, 4, 1], 1, 1, 1, 6)).ToArray(), Is.EqualTo(new[] { nan, 4 }));
        Assert.That(
            pool.Backward(Tensor.From([5, 7], 1, 1, 1, 2)).ToArray(),
            Is.EqualTo(new float[] { 0, 0, 5, 7, 0, 0 }),
            "the last NaN, the first of a tie");
    }

    [Test]
    public void AWindowOfMinusInfinityGivesItsGradientToItsFirstElement([Values("clear", "fast")] string kernel)
    {
        var pool = new MaxPool2d(3, 2, 1, kernels: KernelChoice.Named(kernel)); // the first tap of most windows lies in the padding
        var input = Tensor.From([.. Enumerable.Repeat(float.NegativeInfinity, 15)], 1, 1, 3, 5);

        Assert.That(pool.Forward(input).ToArray(), Is.EqualTo(Enumerable.Repeat(float.NegativeInfinity, 6)));
        Assert.That(
            pool.Backward(Tensor.From([1, 2, 3, 4, 5, 6], 1, 1, 2, 3)).ToArray(),
            Is.EqualTo(new float[] { 1, 2, 0, 3, 0, 4, 5, 0, 6, 0, 0, 0, 0, 0, 0 }));
    }

    [Test]
    public void TheTableHasBothKernelsOfEachOperation()
    {
        var rows = KernelTable.Rows.GroupBy(row => row.Operation).ToDictionary(
            rows => rows.Key, rows => string.Join(" ", rows.Select(row => row.Name)));
        Assert.That(rows.Values, Is.All.EqualTo("clear fast"));
        Assert.That(
            rows.Keys,
            Is.EquivalentTo(Conformance.Oracle.AllOperations.Names.Except(["flatten", "lenet"])),
            "flatten moves nothing, and a network has no kernel of its own");
    }
}
