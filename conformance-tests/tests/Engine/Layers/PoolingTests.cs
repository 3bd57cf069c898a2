using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Layers;

/// <summary>What the cases of the average pools can't show.</summary>
internal sealed class PoolingTests
{
    /// <summary>Geometries whose divisors round; 18 images are a block and two lanes.</summary>
    private static IEnumerable<TestCaseData> Pools()
    {
        TestCaseData Case(string name, Func<KernelChoice, Module> layer, params int[] shape) =>
            new TestCaseData(layer, shape).SetArgDisplayNames(name);
        return
        [
            Case("LeNet's", k => new AvgPool2d(2, kernels: k), 18, 6, 8, 8),
            Case("padded, overlapping", k => new AvgPool2d((3, 5), (2, 1), (1, 2), kernels: k), 18, 3, 7, 9),
            Case("padding not counted", k => new AvgPool2d((3, 5), (2, 1), (1, 2), countIncludePad: false, kernels: k), 18, 3, 7, 9),
            Case("ceil", k => new AvgPool2d(3, 2, 1, ceilMode: true, kernels: k), 18, 2, 6, 8),
            Case("padding of one side alone", k => new AvgPool2d((4, 3), (3, 2), (0, 2, 1, 0), ceilMode: true, kernels: k), 18, 2, 9, 8),
            Case("adaptive, overlapping", k => new AdaptiveAvgPool2d((3, 5), k), 18, 2, 7, 9),
            Case("adaptive, larger than the image", k => new AdaptiveAvgPool2d((7, 4), k), 18, 2, 3, 3),
        ];
    }

    [TestCaseSource(nameof(Pools))]
    public void ClearAndFastGiveTheSameBits(Func<KernelChoice, Module> layer, int[] shape)
    {
        float[][] Pass(Module module)
        {
            var output = module.Forward(Fill.Normals(1, shape));
            return [output.ToArray(), module.Backward(Fill.Normals(2, output.Shape.ToArray())).ToArray()];
        }
        Assert.That(Pass(layer(KernelChoice.Fast)), Is.EqualTo(Pass(layer(KernelChoice.Clear))));
    }

    [TestCaseSource(nameof(Pools))]
    public void BackwardIsTheTransposeOfForward(Func<KernelChoice, Module> layer, int[] shape)
    {
        var module = layer(KernelChoice.Fast);
        var x = Fill.Integers(1, shape);
        var y = module.Forward(x);
        var dy = Fill.Integers(2, y.Shape.ToArray());
        double Dot(Tensor a, Tensor b) => a.ToArray().Zip(b.ToArray()).Sum(pair => (double)pair.First * pair.Second);

        Assert.That(Dot(x, module.Backward(dy)), Is.EqualTo(Dot(y, dy)).Within(1e-3).And.Not.Zero);
    }

    [Test]
    public void APaddedSideThatIsNotTheOtherCountsItsOwn([Values("clear", "fast")] string kernel)
    {
        // The rows are 1 2 3, with one row of padding below alone. Windows of three rows at stride 2 contain 1 2 3, and 3 with the padding.
        // The second window would reach one row further.
        var input = Tensor.From([6, 12, 18], 1, 1, 3, 1);
        AvgPool2d Pool(bool counted) => new((3, 1), (2, 1), (0, 1, 0, 0), ceilMode: true, countIncludePad: counted, KernelChoice.Named(kernel));

        Assert.That(Pool(true).Forward(input).ToArray(), Is.EqualTo(new float[] { 12, 9 }));
        Assert.That(Pool(false).Forward(input).ToArray(), Is.EqualTo(new float[] { 12, 18 }));
    }

    [Test]
    public void AnotherSizeOfImageMovesTheWindows([Values("clear", "fast")] string kernel)
    {
        foreach (var layer in new Module[]
        {
            new AvgPool2d((2, 3), 1, kernels: KernelChoice.Named(kernel)),
            new AdaptiveAvgPool2d(2, KernelChoice.Named(kernel))
        })
        {
            layer.Forward(Fill.Normals(1, 3, 2, 7, 5));
            float[] second = layer.Forward(Tensor.From([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 1, 1, 3, 4)).ToArray();
            Assert.That(second, Is.EqualTo(new float[] { 4, 5, 8, 9 }).Or.EqualTo(new float[] { 3.5f, 5.5f, 7.5f, 9.5f }));
        }
    }

    [Test]
    public void AValueThatIsNotFiniteSpoilsItsWindowsAlone(
        [Values("clear", "fast")] string kernel, [Values(float.NaN, float.PositiveInfinity)] float value)
    {
        var input = Fill.Integers(1, 18, 1, 4, 4);
        input.Span[17 * 16 + 5] = value;
        var outputs = new[]
        {
            new AvgPool2d(2, kernels: KernelChoice.Named(kernel)).Forward(input),
            new AdaptiveAvgPool2d(2, KernelChoice.Named(kernel)).Forward(input)
        };
        foreach (var output in outputs)
            for (var i = 0; i < output.Length; i++)
                Assert.That(output.ToArray()[i], i == 17 * 4 ? Is.EqualTo(value) : Is.InRange(-3, 3), $"output {i}");
    }
}
