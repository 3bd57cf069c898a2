using System.Runtime.InteropServices;
using Conformance.Oracle;
using Conformance.Torch;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>What libtorch refuses arrives as an exception with libtorch's own message; the process lives on.</summary>
public sealed class TorchErrorTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    private static IEnumerable<TestCaseData> Refused()
    {
        TestCaseData Case(string name, string message, LayerCase layerCase) => new TestCaseData(message, layerCase).SetName(name);
        var image = Tensor64.Zeros(1, 2, 4, 4);
        var kernel = Tensor64.Zeros(3, 2, 3, 3);
        var output = Tensor64.Zeros(1, 3, 2, 2);
        var logits = Tensor64.Zeros(2, 3);
        var mean = Attributes.FromPairs(("reduction", "mean"));

        yield return Case("conv2d_channels", "to have 5 channels, but got 2 channels",
            Make("conv2d", Conv2d(), new() { ["input"] = image, ["weight"] = Tensor64.Zeros(3, 5, 3, 3) }, output));
        yield return Case("conv2d_kernel_too_large", "Kernel size can't be greater than actual input size",
            Make("conv2d", Conv2d(), new() { ["input"] = image, ["weight"] = Tensor64.Zeros(3, 2, 5, 5) }, output));
        yield return Case("conv2d_bias", "expected bias to be 1-dimensional with 3 elements",
            Make("conv2d", Conv2d(), new() { ["input"] = image, ["weight"] = kernel, ["bias"] = Tensor64.Zeros(4) }, output));
        yield return Case("conv2d_stride_zero", "non-positive stride is not supported",
            Make("conv2d", Conv2d(stride: 0), new() { ["input"] = image, ["weight"] = kernel }, output));
        yield return Case("conv2d_groups_zero", "non-positive groups is not supported",
            Make("conv2d", Conv2d(groups: 0), new() { ["input"] = image, ["weight"] = kernel }, output));
        yield return Case("conv2d_cotangent", "got [1, 3, 2, 3] but expected shape compatible with [1, 3, 2, 2]",
            Make("conv2d", Conv2d(), new() { ["input"] = image, ["weight"] = kernel }, Tensor64.Zeros(1, 3, 2, 3)));
        yield return Case("conv2d_rank", "Expected 3D (unbatched) or 4D (batched) input to conv2d",
            Make("conv2d", Conv2d(), new() { ["input"] = Tensor64.Zeros(4), ["weight"] = kernel }, output));
        yield return Case("max_pool2d_padding", "pad should be at most half of effective kernel size",
            Make("max_pool2d", MaxPool2d(padding: 2), new() { ["input"] = image }, output));
        yield return Case("max_pool2d_stride_zero", "stride should not be zero",
            Make("max_pool2d", MaxPool2d(stride: 0), new() { ["input"] = image }, output));
        yield return Case("linear_shapes", "mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)",
            Make("linear", Attributes.None, new() { ["input"] = logits, ["weight"] = Tensor64.Zeros(4, 5) }, Tensor64.Zeros(2, 4)));
        yield return Case("cross_entropy_class_too_large", "Target 3 is out of bounds",
            Make("cross_entropy", mean, new() { ["input"] = logits, ["target"] = T([2], 0, 3) }));
        yield return Case("cross_entropy_class_negative", "Target -1 is out of bounds",
            Make("cross_entropy", mean, new() { ["input"] = logits, ["target"] = T([2], 0, -1) }));
        yield return Case("cross_entropy_batch", "Expected input batch_size (2) to match target batch_size (3)",
            Make("cross_entropy", mean, new() { ["input"] = logits, ["target"] = T([3], 0, 1, 2) }));
    }

    [TestCaseSource(nameof(Refused))]
    public void ArrivesWithLibtorchsMessage(string message, LayerCase layerCase)
    {
        Assert.That(
            () => new TorchOracle().Evaluate(layerCase),
            Throws.InstanceOf<ExternalException>().With.Message.Contains(message).And.Message.Not.Contains("\n"));
        Assert.That(
            new TorchOracle().Evaluate(Make("relu", Attributes.None, new() { ["input"] = T([1], 2) }, T([1], 1))).Outputs["output"][0],
            Is.EqualTo(2), "torch still works");
    }
}
