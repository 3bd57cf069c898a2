using System.Runtime.InteropServices;
using Conformance.Oracle;
using static Conformance.Tests.Torch.Cases;

namespace Conformance.Tests.Torch;

/// <summary>What a case says that PyTorch refuses, torch refuses: by libtorch's own check, or where TorchSharp lacks PyTorch's, by ours.</summary>
public sealed class TorchRefusalTests
{
    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [TestCase("conv2d/n1c2h5w5-o3-k3-pm1", "negative padding is not supported")]
    [TestCase("conv2d/n1c2h5w5-o3-k3-pm1.0x0.0", "negative padding is not supported")]
    [TestCase("conv2d/n1c2h5w5-o3-k3-s0x1", "non-positive stride is not supported")]
    [TestCase("conv2d/n1c3h5w5-o4-k3-g2", "expected input")]
    [TestCase("conv2d/n1c2h3w5-o3-k4x2", "Kernel size can't be greater than actual input size")]
    [TestCase("max_pool2d/n1c2h5w5-k2-p2", "pad should be at most half of")]
    [TestCase("max_pool2d/n1c2h3w5-k4x2", "Output size is too small")]
    public void ADrawnCase(string id, string message)
    {
        var layerCase = AllOperations.Draw(id);

        Assert.That(layerCase.Refused, Is.Not.Null, "the case says that it is refused");
        Refuses(layerCase, message);
    }

    [TestCase("avg_pool2d", "pad should be at most half of kernel size", 2, 1, 2)]
    [TestCase("avg_pool2d", "pad should be", 2, 1, -1)]
    [TestCase("avg_pool2d", "Output size is too small", 5, 1, 0)]
    [TestCase("avg_pool2d", "stride should not be zero", 2, 0, 0)]
    [TestCase("avg_pool2d", "kernel size should be greater than zero", 0, 1, 0)]
    public void APool(string op, string message, int kernel, int stride, int padding) => Refuses(
        OfInput(
            op,
            Attributes.FromPairs(
                ("kernel_size", kernel), ("stride", stride), ("padding", padding), ("ceil_mode", false), ("count_include_pad", true)),
            Image),
        message);

    [Test]
    public void AnAxisThatThereIsNot()
    {
        Refuses(OfInput("softmax", Attributes.FromPairs(("dim", 4)), Image), "Dimension out of range");
        Refuses(OfInput("log_softmax", Attributes.FromPairs(("dim", -5)), Image), "Dimension out of range");
    }

    [Test]
    public void ASizeBelowZero() =>
        Refuses(
            OfInput("adaptive_avg_pool2d", Attributes.FromPairs(("output_size", new[] { 2, -1 })), Image),
            "elements of output_size must be greater than or equal to 0");

    [Test]
    public void StatisticsOfAnotherSize() => Refuses(
        Make("batch_norm2d", Attributes.FromPairs(("training", true), ("momentum", 0.1), ("eps", 1e-5)), new()
        {
            ["input"] = Image,
            ["running_mean"] = Tensor64.Zeros(3),
            ["running_var"] = Tensor64.Zeros(3),
        }),
        "running_mean should contain 2 elements not 3");

    [Test]
    public void LabelSmoothingAboveOne() => Refuses(
        Make(
            "cross_entropy",
            Attributes.FromPairs(("reduction", "mean"), ("label_smoothing", 1.5)),
            new() { ["input"] = Tensor64.Zeros(2, 3), ["target"] = T([2], 0, 1) }),
        "label_smoothing must be between 0.0 and 1.0");

    [Test]
    public void WhatTorchTakesAfterAllComesBackAsItsOutputs()
    {
        var taken = Evaluate(OfInput("relu", Attributes.None, T([2], -1, 1)) with { Refused = "a reason that is none" });

        Equal(taken.Outputs["output"], [2], 0, 1);
        Assert.That(taken.Gradients, Is.Empty);
    }

    private static Tensor64 Image => Tensor64.Zeros(1, 2, 4, 4);

    private static void Refuses(LayerCase layerCase, string message) => Assert.That(
        () => Evaluate(layerCase with { Refused = layerCase.Refused ?? "said by the test" }),
        Throws.InstanceOf<ExternalException>().Or.InstanceOf<ArgumentException>().With.Message.Contains(message));
}
