using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Layers;

/// <summary>Wrong shapes and settings end in a message with the operation, the expected and the actual.</summary>
public sealed class ShapeTests
{
    private static TestCaseData Case(string name, Func<object> action, params string[] parts) =>
        new TestCaseData(action, parts).SetName("Refuses " + name);

    private static IEnumerable<TestCaseData> WrongInputs() =>
    [
        Case("conv2d other channels", () => new Conv2d(3, 2, 2).Forward(Tensor.Zeros(1, 4, 5, 6)), "conv2d", "[N, 3, H, W]", "[1, 4, 5, 6]"),
        Case("conv2d rank 3", () => new Conv2d(3, 2, 2).Forward(Tensor.Zeros(3, 5, 6)), "conv2d", "[N, 3, H, W]", "[3, 5, 6]"),
        Case("conv2d too low an image", () => new Conv2d(1, 1, (3, 1), dilation: 2).Forward(Tensor.Zeros(1, 1, 4, 9)),
            "conv2d", "height of at least 5", "got 4"),
        Case("conv2d groups", () => new Conv2d(3, 4, 1, groups: 2), "conv2d", "divide 3 input and 4 output channels, got 2"),
        Case("conv2d stride 0", () => new Conv2d(1, 1, 1, stride: (1, 0)), "conv2d", "stride of 1 or more, got 0"),
        Case("conv2d kernel 0", () => new Conv2d(1, 1, 0), "conv2d", "kernelSize of 1 or more, got 0"),
        Case("conv2d negative padding", () => new Conv2d(1, 1, 1, padding: (0, 0, -1, 0)), "conv2d", "padding of 0 or more, got -1"),
        Case("max_pool2d rank 2", () => new MaxPool2d(2).Forward(Tensor.Zeros(5, 6)), "max_pool2d", "[N, C, H, W]", "[5, 6]"),
        Case("max_pool2d too narrow an image", () => new MaxPool2d(2).Forward(Tensor.Zeros(1, 1, 2, 1)),
            "max_pool2d", "width of at least 2", "got 1"),
        Case("max_pool2d wide padding", () => new MaxPool2d((3, 2), padding: (1, 2)),
            "max_pool2d", "half the kernel 3×2", "got 1 in height and 2 in width"),
        Case("avg_pool2d rank 2", () => new AvgPool2d(2).Forward(Tensor.Zeros(5, 6)), "avg_pool2d", "[N, C, H, W]", "[5, 6]"),
        Case("avg_pool2d too low an image", () => new AvgPool2d((3, 1)).Forward(Tensor.Zeros(1, 1, 2, 5)),
            "avg_pool2d", "height of at least 3", "got 2"),
        Case("avg_pool2d an image without columns", () => new AvgPool2d(2, padding: 1).Forward(Tensor.Zeros(1, 1, 2, 0)),
            "avg_pool2d", "width of at least 1", "got 0"),
        Case("avg_pool2d wide padding", () => new AvgPool2d((3, 2), padding: (1, 2)),
            "avg_pool2d", "half the kernel 3×2", "got 1 in height and 2 in width"),
        Case("avg_pool2d negative padding", () => new AvgPool2d(2, padding: (0, -1)), "avg_pool2d", "padding of 0 or more, got -1"),
        Case("avg_pool2d kernel 0", () => new AvgPool2d((2, 0)), "avg_pool2d", "kernelSize of 1 or more, got 0"),
        Case("avg_pool2d stride 0", () => new AvgPool2d(2, (0, 1)), "avg_pool2d", "stride of 1 or more, got 0"),
        Case("adaptive_avg_pool2d rank 3", () => new AdaptiveAvgPool2d(2).Forward(Tensor.Zeros(2, 5, 6)),
            "adaptive_avg_pool2d", "[N, C, H, W]", "[2, 5, 6]"),
        Case("adaptive_avg_pool2d no rows", () => new AdaptiveAvgPool2d(1).Forward(Tensor.Zeros(1, 2, 0, 6)),
            "adaptive_avg_pool2d", "height and width of 1 or more", "[1, 2, 0, 6]"),
        Case("adaptive_avg_pool2d no output", () => new AdaptiveAvgPool2d((2, 0)), "adaptive_avg_pool2d", "outputSize of 1 or more, got 0"),
        Case("leaky_relu NaN", () => new LeakyReLU(double.NaN), "leaky_relu", "finite negativeSlope, got NaN"),
        Case("leaky_relu beyond float32", () => new LeakyReLU(1e39), "leaky_relu", "finite negativeSlope", "1E+39"),
        Case("tanh a scalar", () => new Tanh().Forward(Tensor.Zeros()), "tanh", "[]"),
        Case("softmax dim too high", () => new Softmax(2).Forward(Tensor.Zeros(5, 6)), "softmax", "dim from -2 to 1 for input [5, 6], got 2"),
        Case("log_softmax dim too low", () => new LogSoftmax(-3).Forward(Tensor.Zeros(5, 6)),
            "log_softmax", "dim from -2 to 1 for input [5, 6], got -3"),
        Case("flatten startDim", () => new Flatten(2).Forward(Tensor.Zeros(5, 6)), "flatten", "startDim from -2 to 1 for input [5, 6], got 2"),
        Case("flatten endDim", () => new Flatten(0, -3).Forward(Tensor.Zeros(5, 6)), "flatten", "endDim from -2 to 1 for input [5, 6], got -3"),
        Case("flatten backwards", () => new Flatten(-1, 1).Forward(Tensor.Zeros(5, 6, 7)),
            "flatten", "startDim not behind endDim for input [5, 6, 7], got -1 and 1"),
        Case("dropout p above 1", () => new Dropout(1.5), "dropout", "p from 0 to 1, got 1.5"),
        Case("dropout p NaN", () => new Dropout(double.NaN), "dropout", "p from 0 to 1, got NaN"),
        Case("dropout another mask", () => new Dropout { Mask = Tensor.Zeros(5, 3) }.Forward(Tensor.Zeros(5, 4)),
            "dropout", "mask of shape [5, 4], got [5, 3]"),
        Case("dropout a mask of halves", () => new Dropout { Mask = Tensor.From([0, 1, 0.5f], 1, 3) },
            "dropout", "zeros and ones, got 0.5 as element 2"),
        Case("linear other features", () => new Linear(3, 2).Forward(Tensor.Zeros(5, 4)), "linear", "[N, 3]", "[5, 4]"),
        Case("linear rank 4", () => new Linear(3, 2).Forward(Tensor.Zeros(5, 3, 1, 1)), "linear", "[N, 3]", "[5, 3, 1, 1]"),
        Case("linear no outputs", () => new Linear(3, 0), "linear", "outFeatures of 1 or more, got 0"),
        Case("batch_norm1d rank 4", () => new BatchNorm1d(3).Forward(Tensor.Zeros(2, 3, 4, 5)),
            "batch_norm1d", "[N, 3] or [N, 3, L]", "[2, 3, 4, 5]"),
        Case("batch_norm2d rank 2", () => new BatchNorm2d(3).Forward(Tensor.Zeros(2, 3)), "batch_norm2d", "[N, 3, H, W]", "[2, 3]"),
        Case("batch_norm2d other channels", () => new BatchNorm2d(3).Forward(Tensor.Zeros(2, 4, 1, 1)),
            "batch_norm2d", "[N, 3, H, W]", "[2, 4, 1, 1]"),
        Case("batch_norm2d one value a channel", () => new BatchNorm2d(3).Forward(Tensor.Zeros(1, 3, 1, 1)),
            "batch_norm2d", "more than one value a channel", "[1, 3, 1, 1]"),
        Case("batch_norm1d momentum above 1", () => new BatchNorm1d(3, momentum: 1.5), "batch_norm1d", "momentum from 0 to 1", "got 1.5"),
        Case("batch_norm1d eps 0", () => new BatchNorm1d(3, eps: 0), "batch_norm1d", "eps above 0", "got 0"),
        Case("batch_norm1d no features", () => new BatchNorm1d(0), "batch_norm1d", "features of 1 or more, got 0"),
        Case("relu a scalar", () => new ReLU().Forward(Tensor.Zeros()), "relu", "[]"),
        Case("cross_entropy rank 3", () => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3, 1), [0, 1]),
            "cross_entropy", "[N, classes]", "[2, 3, 1]"),
        Case("cross_entropy other count", () => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3), [0]),
            "cross_entropy", "expected 2 targets", "got 1"),
        Case("cross_entropy high target", () => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3), [0, 3]),
            "cross_entropy", "0 to 2, got 3 for image 1"),
        Case("cross_entropy negative target", () => new CrossEntropyLoss().Forward(Tensor.Zeros(2, 3), [-1, 0]), "cross_entropy", "0 to 2, got -1"),
        Case("cross_entropy smoothing above 1", () => new CrossEntropyLoss(labelSmoothing: 1.5f),
            "cross_entropy", "label smoothing from 0 to 1", "got 1.5"),
        Case("cross_entropy smoothing NaN", () => new CrossEntropyLoss(labelSmoothing: float.NaN), "cross_entropy", "got NaN"),
        Case("cross_entropy negative weight", () => new CrossEntropyLoss(weight: [1, -1]), "cross_entropy", "finite weights of 0 or more", "got -1"),
        Case("cross_entropy no weights", () => new CrossEntropyLoss(weight: []), "cross_entropy", "a weight for each class", "got none"),
        Case("cross_entropy other classes than weights", () => new CrossEntropyLoss(weight: [1, 2]).Forward(Tensor.Zeros(1, 3), [0]),
            "cross_entropy", "2 classes", "[1, 3]"),
        Case("cross_entropy -100 where another is ignored", () => new CrossEntropyLoss(ignoreIndex: 1).Forward(Tensor.Zeros(1, 3), [-100]),
            "cross_entropy", "0 to 2, got -100"),
        Case("nll_loss high target", () => new NllLoss().Forward(Tensor.Zeros(2, 3), [0, 3]), "nll_loss", "0 to 2, got 3 for image 1"),
        Case("nll_loss other count", () => new NllLoss().Forward(Tensor.Zeros(2, 3), [0, 1, 2]), "nll_loss", "expected 2 targets", "got 3"),
        Case("nll_loss infinite weight", () => new NllLoss(weight: [float.PositiveInfinity]), "nll_loss", "finite weights"),
        Case("generalized_cross_entropy ignored target", () => new GeneralizedCrossEntropyLoss().Forward(Tensor.Zeros(1, 3), [-100]),
            "generalized_cross_entropy", "0 to 2, got -100"),
        Case("generalized_cross_entropy q 0", () => new GeneralizedCrossEntropyLoss(q: 0),
            "generalized_cross_entropy", "q above 0 and at most 1", "got 0"),
        Case("generalized_cross_entropy q above 1", () => new GeneralizedCrossEntropyLoss(q: 1.25f), "generalized_cross_entropy", "got 1.25"),
        Case("mse_loss other shape", () => new MseLoss().Forward(Tensor.Zeros(2, 3), Tensor.Zeros(3, 2)),
            "mse_loss", "target of shape [2, 3]", "[3, 2]"),
        Case("another output gradient", BackwardWithAnotherShape, "linear", "[5, 2]", "[5, 3]"),
        Case("sgd negative rate", () => new Sgd([], -1), "sgd", "got -1"),
        Case("sgd NaN rate", () => new Sgd([], float.NaN), "sgd", "got NaN"),
        Case("sgd momentum 1", () => new Sgd([], 1, momentum: 1), "sgd", "got 1"),
        Case("sgd momentum NaN later", () => new Sgd([], 1).Momentum = double.NaN, "sgd", "momentum from 0 to below 1", "got NaN"),
        Case("sgd dampening above 1", () => new Sgd([], 1, 0.5, dampening: 2), "sgd", "dampening from 0 to 1", "got 2"),
        Case("sgd negative decay", () => new Sgd([], 1, weightDecay: -0.5), "sgd", "weight decay of 0 or more", "got -0.5"),
        Case("sgd nesterov without momentum", () => new Sgd([], 1, nesterov: true), "sgd", "momentum and no dampening for nesterov", "momentum 0"),
        Case("sgd nesterov dampened", () => new Sgd([], 1, 0.5, 0.5, nesterov: true),
            "sgd", "momentum and no dampening for nesterov", "dampening 0.5"),
        Case("sgd negative steps", () => new Sgd([], 1).Steps = -1, "sgd", "0 steps or more, got -1"),
        Case("adam infinite rate", () => new Adam([], double.PositiveInfinity), "adam", "learning rate of 0 or more", "got"),
        Case("adam beta1 1", () => new Adam([], beta1: 1), "adam", "beta1 from 0 to below 1", "got 1"),
        Case("adam negative beta2", () => new Adam([], beta2: -0.1), "adam", "beta2 from 0 to below 1", "got -0.1"),
        Case("adam negative eps", () => new Adam([], eps: -1), "adam", "eps of 0 or more", "got -1"),
        Case("adamw NaN decay", () => new AdamW([], weightDecay: double.NaN), "adamw", "weight decay of 0 or more", "got NaN"),
        Case("Tensor.From other count", () => Tensor.From([1, 2, 3], 2, 2), "expected 4 values for shape [2, 2], got 3"),
        Case("Tensor.CopyTo other count", () => CopyToAnotherCount(), "expected 4 values for shape [2, 2], got 5"),
        Case("a negative extent", () => Tensor.Zeros(2, -1), "[2, -1]"),
        Case("an overflowing shape", () => Tensor.Zeros(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue), "more elements"),
        Case("max_pool2d a dilated kernel beyond 32 bits", () => new MaxPool2d((65537, 1), 1, dilation: (65536, 1)).Forward(Tensor.Zeros(1, 1, 4, 4)),
            "max_pool2d", "height of at least 4294967297", "got 4"),
        Case("conv2d a dilated kernel beyond 32 bits", () => new Conv2d(1, 1, (65537, 1), dilation: (65536, 1)).Forward(Tensor.Zeros(1, 1, 4, 4)),
            "conv2d", "height of at least 4294967297", "got 4"),
        Case("conv2d padding beyond 32 bits", () => new Conv2d(1, 1, 1, padding: int.MaxValue).Forward(Tensor.Zeros(1, 1, 4, 4)),
            "conv2d", "padded input height of at most 1073741824, got 4294967298"),
        Case("flatten an image beyond 32 bits", () => new Flatten().Forward(Tensor.Zeros(0, 65536, 65537)), "[0, 65536, 65537]", "more elements"),
        Case("sequential null", () => new Sequential(null!), "children"),
        Case("a name with a dot", () => new Sequential(("a", new Sequential(("b", new Linear(1, 1)))), ("a.b", new Linear(1, 1))),
            "names without a dot", "'a.b'"),
        Case("a parameter twice", () => new Linear(1, 1) is var layer ? new Sgd([layer.Weight, layer.Weight], 1) : null!,
            "sgd", "each parameter once", "weight and weight"),
        Case(
            "nothing to evaluate",
            () => { using var trainer = new Trainer(LeNet.Create(1), new Sgd([], 1), 1); return trainer.Evaluate(new ImageSet([], [], 28, 28)); },
            "trainer", "at least one image"),
        Case("equal names", () => new Sequential(("a", new ReLU()), ("a", new ReLU())), "different name", "a, a"),
        Case("an unknown kernel", () => KernelChoice.Named("quick"), "expected clear or fast, got 'quick'"),
    ];

    [TestCaseSource(nameof(WrongInputs))]
    public void Refuses(Func<object> action, string[] parts)
    {
        var exception = Assert.Catch<ArgumentException>(() => action())!;
        foreach (string part in parts)
            Assert.That(exception.Message, Does.Contain(part));
    }

    [Test]
    public void BackwardNeedsAForwardBeforeIt()
    {
        Assert.That(
            () => new Linear(3, 2).Backward(Tensor.Zeros(1, 2)),
            Throws.InvalidOperationException.With.Message.Contains("linear: Backward needs a Forward"));
        Assert.That(() => LeNet.Create(1).Backward(Tensor.Zeros(1, 10)), Throws.InvalidOperationException.With.Message.Contains("sequential"));
        Assert.That(() => new CrossEntropyLoss().Backward(), Throws.InvalidOperationException.With.Message.Contains("cross_entropy"));
    }

    [Test]
    public void ARefusedForwardLeavesNothingToGoBackThrough()
    {
        var layer = new Linear(3, 2);
        layer.Forward(Tensor.Zeros(1, 3));
        Assert.That(() => layer.Forward(Tensor.Zeros(1, 4)), Throws.ArgumentException);

        Assert.That(() => layer.Backward(Tensor.Zeros(1, 2)), Throws.InvalidOperationException);
    }

    [Test]
    public void ABatchOfNoImagesGivesNoOutputsAndGradientsOfZero([Values("clear", "fast")] string kernel)
    {
        var conv = new Conv2d(2, 3, 2, kernels: KernelChoice.Named(kernel));
        conv.Weight.Gradient.CopyFrom([.. Enumerable.Repeat(7f, 24)]);

        Assert.That(conv.Forward(Tensor.Zeros(0, 2, 4, 5)).Shape.ToArray(), Is.EqualTo(new[] { 0, 3, 3, 4 }));
        Assert.That(conv.Backward(Tensor.Zeros(0, 3, 3, 4)).Shape.ToArray(), Is.EqualTo(new[] { 0, 2, 4, 5 }));
        Assert.That(conv.Weight.Gradient.ToArray(), Is.All.Zero);
    }

    private static float[] CopyToAnotherCount()
    {
        var values = new float[5];
        Tensor.Zeros(2, 2).CopyTo(values);
        return values;
    }

    private static Tensor BackwardWithAnotherShape()
    {
        var layer = new Linear(3, 2);
        layer.Forward(Tensor.Zeros(5, 3));
        return layer.Backward(Tensor.Zeros(5, 3));
    }
}
