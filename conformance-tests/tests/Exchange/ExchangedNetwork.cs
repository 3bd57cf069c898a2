using System.Runtime.InteropServices;
using Conformance.Cli.Export;
using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;
using Conformance.Engine.Training;
using Conformance.Oracle;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Engine.Networks;
using Conformance.Tests.Examples;
using Microsoft.ML.OnnxRuntime;

namespace Conformance.Tests.Exchange;

/// <summary>
/// A network in a file of weights. It gives the logits for the first test images of MNIST by our engine, by PyTorch and by ONNX Runtime.
/// </summary>
internal sealed class ExchangedNetwork : IDisposable
{
    private const int Batch = 500;

    private readonly TemporaryDirectory _directory = new();
    private readonly int _count;
    private readonly float[] _pixels;

    public ExchangedNetwork(WeightsFile weights, int images)
    {
        var mnist = LiveMnist.Require();
        var test = ImageSet.Load(mnist.TestImages, mnist.TestLabels).Take(images);
        _pixels = [.. Enumerable.Range(0, images).SelectMany(i => test.Image(i).ToArray()).Select(Normalization.FromByte)];
        (Weights, _count) = (weights, images);
        File.WriteAllBytes(Path, WeightsFile.ToBytes(weights.Model, weights.Network));
    }

    public WeightsFile Weights { get; }

    public string Path => _directory.File(WeightsFile.Name);

    /// <summary>In float32, by torch: many where there are few logits, which may all be right by luck.</summary>
    private int Runs => _count < 1000 ? 8 : 2;

    public void Dispose() => _directory.Dispose();

    /// <summary>PyTorch's logits in float64, and how far a right float32 engine may be from them.</summary>
    public (Tensor64 Expected, StepLimits Limits) Torch()
    {
        var answers = _directory.File("logits.safetensors");
        RequireGood(Programs.Run(
            Programs.Torch(),
            [
                TorchExchange, "run", Path, System.IO.Path.GetDirectoryName(LiveMnist.Require().TestImages)!,
                "--images", $"{_count}", "--logits", answers, "--runs", $"{Runs}"]));
        var tensors = Safetensors.Load(answers).Tensors;
        var expected = Logits(tensors["float64"]);
        var float32 = tensors.Where(tensor => tensor.Key.StartsWith("float32", StringComparison.Ordinal))
            .Select(tensor => Result(Logits(tensor.Value)))
            .ToList();
        Assert.That(float32, Has.Count.EqualTo(Runs));
        return (expected, new(Result(expected), float32));
    }

    public Tensor64 Ours() => InBatches(images => Weights.Network.Forward(images).ToArray());

    public Tensor64 OnnxRuntime()
    {
        using var session = new InferenceSession(OnnxFile.ToBytes(Weights));
        using var options = new RunOptions();
        return InBatches(images =>
        {
            using var input = OrtValue.CreateTensorValueFromMemory(images.ToArray(), [.. images.Shape.ToArray().Select(extent => (long)extent)]);
            using var outputs = session.Run(options, new Dictionary<string, OrtValue> { ["images"] = input }, ["logits"]);
            Assert.That(outputs[0].GetTensorTypeAndShape().Shape, Is.EqualTo(new long[] { images.Shape[0], 10 }));
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        });
    }

    /// <summary>ONNX's own checker, with shape inference, of the file that <c>export</c> writes.</summary>
    public void CheckOnnx()
    {
        var path = _directory.File("network.onnx");
        var (exit, _, error) = Programs.Conformance("export", "--weights", Path, "--out", path);
        Assert.That(exit, Is.Zero, error);
        // Loaded first: given a path, the full check of ONNX 1.12 writes the inferred shapes into the file.
        RequireGood(
            Programs.Run(Programs.Onnx(), ["-c", "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)", path]));
    }

    /// <param name="trainedOn">Images; without any the weights stay the first ones, and the running statistics alone move.</param>
    public static ExchangedNetwork Fresh(NetworkDefinition definition, int images, int trainedOn)
    {
        var mnist = LiveMnist.Require();
        var data = ImageSet.Load(mnist.TrainImages, mnist.TrainLabels).Take(Math.Max(trainedOn, Batch));
        var network = definition.Build(seed: 1);
        using (var trainer = new Trainer(network, new Sgd(network.Parameters, trainedOn > 0 ? 0.002 : 0, 0.9)))
            trainer.TrainEpoch(data, new BatchOrder(1).Permutation(0, data.Count), 50);
        network.Training = false;
        return new(new(definition, network), images);
    }

    public static string TorchExchange { get; } = System.IO.Path.Combine(Repository.Root, "conformance-tests", "torch_exchange.py");

    /// <summary>An error in units of the limit: above 1, or NaN, it is wrong.</summary>
    public static double Error(StepLimits limits, Tensor64 logits) => limits.Error("outputs.logits", logits);

    public static void RequireGood((int Exit, string Output, string Error) run) => Assert.That(run.Exit, Is.Zero, run.Output + run.Error);

    private static LayerResult Result(Tensor64 logits) =>
        new(new Dictionary<string, Tensor64> { ["logits"] = logits }, new Dictionary<string, Tensor64>());

    private static Tensor64 Logits(SafeTensor tensor)
    {
        var numbers = tensor.Dtype == "F64"
            ? MemoryMarshal.Cast<byte, double>(tensor.Data.Span).ToArray()
            : Array.ConvertAll(MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray(), value => (double)value);
        return new([.. tensor.Shape], numbers);
    }

    private Tensor64 InBatches(Func<Tensor, float[]> run)
    {
        var logits = new List<double>();
        for (var from = 0; from < _count; from += Batch)
            logits.AddRange(run(Images(from, Math.Min(Batch, _count - from))).Select(value => (double)value));
        return new([_count, logits.Count / _count], [.. logits]);
    }

    private Tensor Images(int from, int count) => Tensor.From(_pixels.AsSpan(from * 784, count * 784), count, 1, 28, 28);
}
