using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;

namespace Conformance.Tests.Engine.Training;

public sealed class TrainingTests
{
    [Test]
    public void LeNetHas61706ParametersWithTheNamesOfPytorch()
    {
        var net = LeNet.Create(1);

        Assert.That(net.Parameters.Sum(parameter => parameter.Value.Length), Is.EqualTo(61_706));
        Assert.That(net.Parameters.Select(parameter => parameter.Name), Is.EqualTo(new[]
        {
            "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias",
            "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias",
        }));
        Assert.That(net.Children.Select(child => child.Name), Is.EqualTo(new[]
        {
            "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2", "relu4", "fc3",
        }));
    }

    [Test]
    public void HeInitialisationHasItsDeviationAndDependsOnTheSeedAlone()
    {
        float[] weights = LeNet.Create(1).Parameters[4].Value.ToArray();
        double mean = weights.Average(), deviation = Math.Sqrt(weights.Average(weight => weight * (double)weight));

        Assert.That(mean, Is.EqualTo(0).Within(0.001));
        Assert.That(deviation, Is.EqualTo(Math.Sqrt(2.0 / 400)).Within(0.01 * Math.Sqrt(2.0 / 400)));
        Assert.That(weights.Count(weight => Math.Abs(weight) > 2 * deviation) / 48_000.0, Is.EqualTo(0.0455).Within(0.004), "the tails of a normal");
        Assert.That(LeNet.Create(1).Parameters[4].Value.ToArray(), Is.EqualTo(weights));
        Assert.That(LeNet.Create(2).Parameters[4].Value.ToArray(), Is.Not.EqualTo(weights));
        Assert.That(LeNet.Create(1).Parameters[1].Value.ToArray(), Is.All.Zero, "biases");
    }

    [Test]
    public void Splitmix64IsThePublishedOne()
    {
        var random = new SplitMix64(1234567);
        Assert.That(
            Enumerable.Range(0, 3).Select(_ => random.Next()),
            Is.EqualTo(new ulong[] { 6457827717110365317, 3203168211198807973, 9817491932198370423 }));
    }

    [Test]
    public void ABatchOrderIsAPermutationOfItsOwnForEachEpochAndSeed()
    {
        int[] order = new BatchOrder(1).Permutation(0, 1000);

        Assert.That(order.Order(), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(new BatchOrder(1).Permutation(0, 1000), Is.EqualTo(order));
        Assert.That(new BatchOrder(1).Permutation(1, 1000), Is.Not.EqualTo(order));
        Assert.That(new BatchOrder(2).Permutation(0, 1000), Is.Not.EqualTo(order));
    }

    /// <summary>The numbers are those of a Python program written from the documentation of the order and of splitmix64.</summary>
    [Test]
    public void ABatchOrderIsTheDocumentedOneAndMayLeaveAnElementInItsPlace()
    {
        Assert.That(new BatchOrder(2).Permutation(0, 10), Is.EqualTo(new[] { 2, 1, 7, 8, 4, 5, 9, 6, 0, 3 }), "1, 4 and 5 stay");
        Assert.That(new BatchOrder(2).Permutation(1, 10), Is.EqualTo(new[] { 5, 9, 8, 1, 4, 3, 2, 6, 7, 0 }), "4 stays");
    }

    [Test]
    public void AnyNumberOfThreadsGivesTheSameBits([Values("clear", "fast")] string kernel)
    {
        var data = Fill.Images(kernel == "clear" ? 50 : 700);
        float[] Train(int threads)
        {
            var net = LeNet.Create(3, KernelChoice.Named(kernel));
            var sgd = new Sgd(net.Parameters, 0.05f, 0.9f);
            using var trainer = new Trainer(net, sgd, threads);
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, data.Count), 40);
            return [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
        }
        float[] alone = Train(1);
        Assert.That(alone, Has.None.NaN);
        foreach (int threads in new[] { 2, 3, 8 })
            Assert.That(Train(threads), Is.EqualTo(alone), $"{threads} threads");
    }

    [Test]
    public void AStepOfTheTrainerIsThatOfTheLayersOneByOne()
    {
        var images = Fill.Normals(1, 37, 1, 28, 28);
        int[] labels = Fill.Labels(2, 37);
        var stepped = LeNet.Create(1);
        using var trainer = new Trainer(stepped, new Sgd(stepped.Parameters, 0.05f, 0.9f), 2);
        float steppedLoss = trainer.Step(images, labels);

        var net = LeNet.Create(1);
        var loss = new CrossEntropyLoss();
        Assert.That(loss.Forward(net.Forward(images), labels), Is.EqualTo(steppedLoss));
        net.Backward(loss.Backward());
        new Sgd(net.Parameters, 0.05f, 0.9f).Step();

        foreach (var (parameter, other) in net.Parameters.Zip(stepped.Parameters))
        {
            Assert.That(other.Gradient.ToArray(), Is.EqualTo(parameter.Gradient.ToArray()), parameter.Name);
            Assert.That(other.Value.ToArray(), Is.EqualTo(parameter.Value.ToArray()), parameter.Name);
        }
    }

    [Test]
    public void ClearAndFastAgreeOnAStepOfLeNet()
    {
        var images = Fill.Normals(1, 18, 1, 28, 28);
        int[] labels = Fill.Labels(2, 18);
        (float Loss, Sequential Net) Step(KernelChoice kernels)
        {
            var net = LeNet.Create(1, kernels);
            using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f, 0.9f, kernels: kernels), 2, kernels);
            return (trainer.Step(images, labels), net);
        }
        var (clearLoss, clear) = Step(KernelChoice.Clear);
        var (fastLoss, fast) = Step(KernelChoice.Fast);

        Assert.That(fastLoss, Is.EqualTo(clearLoss).Within(1e-5 * clearLoss));
        foreach (var (parameter, other) in clear.Parameters.Zip(fast.Parameters))
        {
            float[] expected = parameter.Gradient.ToArray();
            Assert.That(other.Gradient.ToArray(), Is.EqualTo(expected).Within(2e-5 * expected.Max(Math.Abs)), parameter.Name);
        }
    }

    [Test]
    public void ClearAndFastLayersMixInOneNetwork()
    {
        Sequential Net(KernelChoice first, KernelChoice second) => new(
            ("conv", new Conv2d(2, 3, (3, 2), kernels: first)), ("relu", new ReLU(second)), ("pool", new MaxPool2d(2, 1, kernels: first)),
            ("flatten", new Flatten()), ("fc", new Linear(3 * 3 * 4, 5, kernels: second)));
        float[][] Pass(Sequential net)
        {
            Fill.Integers(4, net.Parameters);
            var output = net.Forward(Fill.Integers(1, 18, 2, 6, 6));
            var inputGradient = net.Backward(Fill.Integers(2, 18, 5));
            return [output.ToArray(), inputGradient.ToArray(), .. net.Parameters.Select(parameter => parameter.Gradient.ToArray())];
        }
        var expected = Pass(Net(KernelChoice.Clear, KernelChoice.Clear));
        Assert.That(Pass(Net(KernelChoice.Fast, KernelChoice.Clear)), Is.EqualTo(expected));
        Assert.That(Pass(Net(KernelChoice.Clear, KernelChoice.Fast)), Is.EqualTo(expected));
        Assert.That(Pass(Net(KernelChoice.Fast, KernelChoice.Fast)), Is.EqualTo(expected));
    }

    [Test]
    public void EvaluationIsTheSameAsForwardPassesAndChangesNothing()
    {
        var data = Fill.Images(300);
        var net = LeNet.Create(1);
        float[] before = [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray())];
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.05f), 2);
        var evaluation = trainer.Evaluate(data);
        Assert.That(net.Parameters.SelectMany(parameter => parameter.Value.ToArray()), Is.EqualTo(before));

        var images = Tensor.From(
            [.. Enumerable.Range(0, 300).SelectMany(i => data.Image(i).ToArray()).Select(pixel => (float)((pixel / 255.0 - 0.1307) / 0.3081))],
            300, 1, 28, 28);
        var loss = new CrossEntropyLoss();
        var logits = net.Forward(images);
        Assert.That((float)evaluation.Loss, Is.EqualTo(loss.Forward(logits, [.. data.Labels.ToArray().Select(label => (int)label)])));
        bool[] correct = [.. Enumerable.Range(0, 300).Select(n => Enumerable.Range(0, 10).MaxBy(c => logits.At(n, c)) == data.Labels[n])];
        Assert.That(evaluation.Correct, Is.EqualTo(correct));
        Assert.That(evaluation.Accuracy, Is.EqualTo(correct.Count(right => right) / 300.0));
    }

    [Test]
    public void TheAccuracyOfAnEpochCountsEachImageOnceInAShortLastBatchToo()
    {
        var data = Fill.Images(100);
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0), 2); // at a learning rate of 0 the network stays what Evaluate sees
        double trained = trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, 100), 90).Accuracy;

        Assert.That(trained, Is.EqualTo(trainer.Evaluate(data).Accuracy));
        Assert.That(trained, Is.Positive, "where nothing is right, nothing can be counted twice");
    }

    [Test]
    public void TheFirstOfEqualLogitsIsThePrediction()
    {
        var data = Fill.Images(100);
        var fc = new Linear(28 * 28, 10); // its weights are zeros, so every logit is its bias
        var net = new Sequential(("flatten", new Flatten()), ("fc", fc));
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0), 1);

        Assert.That(trainer.Evaluate(data).Correct, Is.EqualTo(data.Labels.ToArray().Select(label => label == 0)));
        fc.Bias!.Value.CopyFrom([0, 1, 2, 0, 2, 2, 0, 0, 1, 0]);
        Assert.That(trainer.Evaluate(data).Correct, Is.EqualTo(data.Labels.ToArray().Select(label => label == 2)));
    }

    [Test]
    public void LeNetLearnsWhatCanBeLearned()
    {
        var data = Fill.Images(1000);
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.02f, 0.9f), 2);
        var reported = new List<TrainingProgress>();
        var first = trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, 1000), 64, new Told(reported.Add));
        for (int epoch = 1; epoch < 3; epoch++)
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(epoch, 1000), 64);

        Assert.That(trainer.Evaluate(data).Accuracy, Is.EqualTo(1));
        Assert.That(reported[^1], Is.EqualTo(new TrainingProgress(1000, 1000, first.Loss)));
        Assert.That(reported, Has.Count.EqualTo(16), "the last batch of 40 is used, too");
    }

    [Test]
    public void TrainingStopsBetweenBatchesWhenItIsToldTo()
    {
        var data = Fill.Images(200);
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.02f), 1);
        using var source = new CancellationTokenSource();
        int batches = 0;
        void Stop(TrainingProgress progress)
        {
            if (++batches == 2)
                source.Cancel();
        }
        Assert.That(
            () => trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, 200), 50, new Told(Stop), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(batches, Is.EqualTo(2));
    }

    [Test]
    public void TheTrainerRefusesWhatDoesNotFit()
    {
        var data = Fill.Images(20);
        var net = LeNet.Create(1);
        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.02f), 1);

        Assert.That(() => trainer.TrainEpoch(data, [0, 20], 2), Throws.InstanceOf<ArgumentException>().With.Message.Contains("from 0 to 19, got 20"));
        Assert.That(() => trainer.TrainEpoch(data, [], 2), Throws.ArgumentException);
        Assert.That(
            () => trainer.TrainEpoch(data, [0], 0),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("batchSize of 1 or more, got 0"));
        Assert.That(() => trainer.Step(Tensor.Zeros(2, 1, 28, 28), [0]), Throws.ArgumentException.With.Message.Contains("expected 2 labels"));
        Assert.That(() => trainer.Step(Tensor.Zeros(2, 3, 28, 28), [0, 1]), Throws.ArgumentException.With.Message.Contains("conv2d"));
        Assert.That(() => trainer.Step(Tensor.Zeros(1, 1, 28, 28), [10]), Throws.ArgumentException.With.Message.Contains("0 to 9, got 10"));
        Assert.That(() => new Trainer(net, new Sgd([], 1), -1), Throws.InstanceOf<ArgumentException>().With.Message.Contains("threads"));
    }

    private sealed class Told(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
