using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Networks;

/// <summary>Networks whose layers halt for the whole batch, networks in networks, and layers of one's own.</summary>
internal sealed class PassesTests
{
    /// <summary>Batch norm in the middle, at the end, and twice without anything between.</summary>
    private static Sequential Net(KernelChoice kernels, ulong seed = 1)
    {
        var net = new Sequential(
            ("conv1", new Conv2d(1, 5, 5, 3, kernels: kernels)), ("bn1", new BatchNorm2d(5, kernels: kernels)), ("relu1", new ReLU(kernels)),
            ("pool1", new MaxPool2d(2, kernels: kernels)), ("bn2", new BatchNorm2d(5, momentum: null, kernels: kernels)),
            ("bn3", new BatchNorm2d(5, affine: false, kernels: kernels)), ("flatten", new Flatten()),
            ("fc", new Linear(5 * 4 * 4, 10, kernels: kernels)), ("bn4", new BatchNorm1d(10, kernels: kernels)));
        Initialization.HeNormal().Fill(net.Parameters, seed);
        return net;
    }

    private static float[] State(Sequential net) =>
        [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray()), .. net.Buffers.SelectMany(buffer => buffer.Value.ToArray())];

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([Values("clear", "fast")] string kernel)
    {
        var data = Fill.Images(300);
        var alone = Train(1);
        Assert.That(alone, Has.None.NaN);
        foreach (var threads in new[] { 2, 3, 8 })
            Assert.That(Train(threads), Is.EqualTo(alone), $"{threads} threads");

        float[] Train(int threads)
        {
            var net = Net(KernelChoice.Named(kernel));
            using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f, 0.9f), threads);
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, data.Count), 41);
            trainer.Evaluate(data);
            return State(net);
        }
    }

    [Test]
    public void AStepOfTheTrainerIsThatOfTheLayersOneByOne([Values("clear", "fast")] string kernel)
    {
        var (images, labels) = (Fill.Normals(1, 37, 1, 28, 28), Fill.Labels(2, 37));
        var stepped = Net(KernelChoice.Named(kernel));
        using var trainer = new Trainer(stepped, new Sgd(stepped.Parameters, 0.05f, 0.9f), 2);
        trainer.Step(images, labels);

        var net = Net(KernelChoice.Named(kernel));
        var x = images;
        foreach (var (_, layer) in net.Children)
            x = layer.Forward(x);
        var loss = new CrossEntropyLoss();
        loss.Forward(x, labels);
        var gradient = loss.Backward();
        foreach (var (_, layer) in net.Children.Reverse())
            gradient = layer.Backward(gradient);
        new Sgd(net.Parameters, 0.05f, 0.9f).Step();

        Assert.That(State(stepped), Is.EqualTo(State(net)));
        Assert.That(stepped.Buffers.Single(buffer => buffer.Name == "bn2.num_batches_tracked").Value.ToArray(), Is.EqualTo(new[] { 1f }));
    }

    [Test]
    public void AStepAllocatesNothingAfterTheFirst([Values("clear", "fast")] string kernel)
    {
        var (images, labels) = (Fill.Normals(1, 37, 1, 28, 28), Fill.Labels(2, 37));
        var net = Net(KernelChoice.Named(kernel));
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f, 0.9f), 1);
        trainer.Step(images, labels);
        trainer.Step(images, labels);

        Assert.That(Allocation.Least(() => trainer.Step(images, labels)), Is.Zero);
    }

    [Test]
    public void EvaluationTakesTheRunningStatisticsAndLeavesThem([Values("clear", "fast")] string kernel)
    {
        var layer = new BatchNorm2d(2, kernels: KernelChoice.Named(kernel)) { Training = false };
        layer.RunningMean.CopyFrom([1, -2]);
        layer.RunningVar.CopyFrom([4 - 1e-5f, 0.25f - 1e-5f]);
        layer.Weight!.Value.CopyFrom([3, 1]);

        var output = layer.Forward(Tensor.From([5, -1, -2, -1], 1, 2, 1, 2));

        Assert.That(output.ToArray(), Is.EqualTo(new float[] { 6, -3, 0, 2 }).Within(1e-5f));
        Assert.That(layer.RunningMean.ToArray(), Is.EqualTo(new float[] { 1, -2 }));
        Assert.That(layer.NumBatchesTracked.ToArray(), Is.EqualTo(new float[] { 0 }));
    }

    [Test]
    public void TheTrainerEvaluatesInEvaluationModeAndTrainsInTrainingMode()
    {
        var data = Fill.Images(64);
        var net = Net(KernelChoice.Fast);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f), 1);
        var before = State(net);
        trainer.Evaluate(data);
        Assert.That(State(net), Is.EqualTo(before));
        Assert.That(net.Children.Select(child => child.Module.Training), Is.All.False);

        trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, 64), 32);
        Assert.That(net.Children.Select(child => child.Module.Training), Is.All.True);
        Assert.That(net.Buffers.First(buffer => buffer.Name == "bn1.num_batches_tracked").Value.ToArray(), Is.EqualTo(new[] { 2f }));
    }

    [Test]
    public void ANetworkInANetworkIsTheSameWithLongerNames()
    {
        var flat = Net(KernelChoice.Fast);
        var parts = Net(KernelChoice.Fast);
        var nested = new Sequential(("features", new Sequential([.. parts.Children.Take(6)])), ("head", new Sequential([.. parts.Children.Skip(6)])));
        var (images, cotangent) = (Fill.Normals(1, 20, 1, 28, 28), Fill.Normals(2, 20, 10));

        Assert.That(nested.Forward(images).ToArray(), Is.EqualTo(flat.Forward(images).ToArray()));
        Assert.That(nested.Backward(cotangent).ToArray(), Is.EqualTo(flat.Backward(cotangent).ToArray()));
        Assert.That(nested.Parameters.Select(parameter => parameter.Name), Does.Contain("features.conv1.weight").And.Contain("head.bn4.bias"));
        Assert.That(nested.Buffers.Select(buffer => buffer.Name), Does.Contain("features.bn1.running_var"));
        Assert.That(nested.OutputOf("features").ToArray(), Is.EqualTo(flat.OutputOf("bn3").ToArray()));
        Assert.That(nested.OutputOf("features.pool1").ToArray(), Is.EqualTo(flat.OutputOf("pool1").ToArray()));
        Assert.That(nested.OutputGradientOf("features").ToArray(), Is.EqualTo(flat.OutputGradientOf("bn3").ToArray()));
        nested.Forward(images);
        Assert.That(() => nested.OutputGradientOf("features"), Throws.InvalidOperationException, "that gradient belonged to the pass before");
    }

    /// <summary>A layer keeps one forward pass. Another network's, or a trainer's, of other images must not be taken for it.</summary>
    [Test]
    public void ABackwardPassOfAnotherForwardPassIsRefused([Values("clear", "fast")] string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        var shared = new Linear(4, 3, kernels: kernels);
        var (one, other) = (new Sequential(("l", shared)), new Sequential(("tanh", new Tanh(kernels)), ("l", shared)));
        one.Forward(Tensor.Zeros(2, 4));
        other.Forward(Tensor.Zeros(40, 4));
        Assert.That(
            () => one.Backward(Tensor.Zeros(2, 3)),
            Throws.InvalidOperationException.With.Message.Contains("linear: expected a Backward of the network that ran it last"));
        Assert.That(other.Backward(Tensor.Zeros(40, 3)).Shape.ToArray(), Is.EqualTo(new[] { 40, 4 }));

        using var trainer = new Trainer(one, new Sgd(one.Parameters, 0.1), threads: 1, kernels);
        one.Forward(Tensor.Zeros(2, 4));
        trainer.Step(Tensor.Zeros(40, 4), new int[40]);
        Assert.That(
            () => one.Backward(Tensor.Zeros(2, 3)),
            Throws.InvalidOperationException.With.Message.Contains("Backward needs a Forward before it"));
    }

    /// <summary>The last window of two would start in the padding; a stride as large as numbers go must not turn the count around.</summary>
    [Test]
    public void AStrideBeyondTheInputLeavesOneWindow() =>
        Assert.That(
            new MaxPool2d(1, int.MaxValue, ceilMode: true).Forward(Tensor.From([1, 2, 3, 4], 1, 1, 1, 4)).ToArray(),
            Is.EqualTo(new[] { 1f }));

    [Test]
    public void AModuleUsedTwiceIsRefusedWhereverItStands()
    {
        var relu = new ReLU();
        Assert.That(
            () => new Sequential(("a", relu), ("b", relu)),
            Throws.ArgumentException.With.Message.Contains("in one place").And.Message.Contains("a and b"));
        Assert.That(
            () => new Sequential(("a", relu), ("b", new Sequential(("c", relu)))),
            Throws.ArgumentException.With.Message.Contains("a and b.c"));
        var block = new Sequential(("c", new ReLU()));
        Assert.That(() => new Sequential(("a", block), ("b", block)), Throws.ArgumentException.With.Message.Contains("a.c and b.c"));
    }

    [Test]
    public void SpansGoInAndOutWithoutAllocation([Values("clear", "fast")] string kernel)
    {
        var (images, cotangent) = (Fill.Normals(1, 20, 1, 28, 28), Fill.Normals(2, 20, 10));
        var net = Net(KernelChoice.Named(kernel));
        float[] output = new float[200], gradient = new float[20 * 784];
        float[] expected = net.Forward(images).ToArray(), expectedGradient = net.Backward(cotangent).ToArray();
        var other = Net(KernelChoice.Named(kernel));
        other.Forward(images.Span, images.Shape, output);
        other.Backward(cotangent.Span, gradient);
        Assert.That(output, Is.EqualTo(expected));
        Assert.That(gradient, Is.EqualTo(expectedGradient));

        var before = GC.GetAllocatedBytesForCurrentThread();
        other.Forward(images.Span, images.Shape, output);
        other.Backward(cotangent.Span, gradient);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(
            () => other.Forward(images.Span[1..], images.Shape, output),
            Throws.ArgumentException.With.Message.Contains("expected 15680 values for shape [20, 1, 28, 28], got 15679"));
        Assert.That(
            () => other.Forward(images.Span, images.Shape, output.AsSpan(1)),
            Throws.ArgumentException.With.Message.Contains("expected 200 values"));
    }

    [Test]
    public void ALossThatIsNoNumberStopsTheTraining()
    {
        var (images, labels) = (Fill.Normals(1, 20, 1, 28, 28), Fill.Labels(2, 20));
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01f), 2);
        trainer.Step(images, labels);
        net.Parameters.Single(parameter => parameter.Name == "fc1.bias").Value.Span[7] = float.PositiveInfinity;
        float[] before = State(net);

        var diverged = Assert.Throws<DivergedException>(() => trainer.Step(images, labels))!;

        Assert.That((diverged.Step, diverged.Layer, diverged.Value), Is.EqualTo((2, "fc1", double.PositiveInfinity)));
        Assert.That(diverged.Message, Does.Contain("step 2").And.Contain("fc1 (linear) holds Infinity first").And.Contain("so does its fc1.bias"));
        Assert.That(State(net), Is.EqualTo(before), "no update was made");
        Assert.That(trainer.Steps, Is.EqualTo(1));
    }

    [Test]
    public void AnInputThatIsNoNumberIsNamedAndSoIsALossAlone()
    {
        var labels = Fill.Labels(2, 20);
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01f), 1);
        var images = Fill.Normals(1, 20, 1, 28, 28);
        images.Span[5] = float.NaN;
        Assert.That(Assert.Throws<DivergedException>(() => trainer.Step(images, labels))!.Layer, Is.EqualTo("input"));

        var far = new Sequential(("fc", new Linear(1, 2)));
        far.Parameters[0].Value.CopyFrom([3e38f, -3e38f]);
        using var other = new Trainer(far, new Sgd(far.Parameters, 0.01f), 1);
        Assert.That(Assert.Throws<DivergedException>(() => other.Step(Tensor.From([1], 1, 1), [1]))!.Layer, Is.EqualTo("loss"), "6e38 is no float32");
    }

    [Test]
    public void ABatchInWhichNoTargetCountsStopsTheTrainingBeforeItSpoilsTheWeights()
    {
        var net = LeNet.Create(1);
        float[] before = State(net);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.01), 1, loss: new CrossEntropyLoss(weight: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
        var diverged = Assert.Throws<DivergedException>(() => trainer.Step(Fill.Normals(1, 2, 1, 28, 28), [0, 0]))!;
        Assert.That((diverged.Layer, diverged.Value), Is.EqualTo(("loss", double.NaN)));
        Assert.That(State(net), Is.EqualTo(before));
    }

    [Test]
    public void ALayerOfOnesOwnTrainsInANetwork()
    {
        var images = Fill.Integers(1, 21, 6);
        var (own, ours) = (new OwnLinear(6, 4), new Linear(6, 4, kernels: KernelChoice.Clear));
        Sequential Net(Module layer) => new(("a", new Linear(6, 6)), ("b", layer), ("c", new ReLU()), ("d", new Linear(4, 3)));
        float[][] Pass(Sequential net)
        {
            Fill.Integers(4, net.Parameters);
            net.Forward(images);
            net.Backward(Fill.Integers(2, 21, 3)); // the second pass must not add to what the first one left
            var output = net.Forward(images).ToArray();
            var gradient = net.Backward(Fill.Integers(2, 21, 3)).ToArray();
            return [output, gradient, .. net.Parameters.Select(parameter => parameter.Gradient.ToArray())];
        }

        Assert.That(Pass(Net(own)), Is.EqualTo(Pass(Net(ours))));
        Assert.That(Net(own).Parameters.Select(parameter => parameter.Name), Does.Contain("b.weight"));
    }

    private sealed class OwnLinear(int inputs, int outputs) : CustomLayer(
        "own", new Parameter("weight", outputs, inputs), new Parameter("bias", outputs))
    {
        protected override int[] OutputShape(ReadOnlySpan<int> imageShape) => [outputs];

        protected override void ForwardImage(ReadOnlySpan<float> input, Span<float> output)
        {
            for (int o = 0; o < outputs; o++)
            {
                output[o] = Parameters[1].Value.Span[o];
                for (int i = 0; i < inputs; i++)
                    output[o] += Parameters[0].Value.Span[o * inputs + i] * input[i];
            }
        }

        protected override void BackwardImage(
            ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
        {
            inputGradient.Clear();
            for (int o = 0; o < outputs; o++)
                for (int i = 0; i < inputs; i++)
                    inputGradient[i] += Parameters[0].Value.Span[o * inputs + i] * outputGradient[o];
        }

        protected override void AddParameterGradients(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient)
        {
            for (int o = 0; o < outputs; o++)
            {
                Parameters[1].Gradient.Span[o] += outputGradient[o];
                for (int i = 0; i < inputs; i++)
                    Parameters[0].Gradient.Span[o * inputs + i] += outputGradient[o] * input[i];
            }
        }
    }
}
