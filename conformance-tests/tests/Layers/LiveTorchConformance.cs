using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite;
using Conformance.Suite.Fixtures;
using Conformance.Torch;

namespace Conformance.Tests.Layers;

/// <summary>
/// Our engine against live TorchSharp: every case with fills that no stored vector has, every kernel; and the stored vectors themselves against live
/// torch and the oracle.
/// </summary>
internal sealed class LiveTorchConformance
{
    private const ulong FreshSeed = 20;

    private static readonly TorchOracle Float64 = new();
    private static readonly TorchOracle Float32 = new(float32: true);

    private static IEnumerable<string> Cases() => Repository.Fixtures.Cases().Select(entry => entry.Id);

    private static IEnumerable<TestCaseData> EveryCaseAndKernel() =>
        from id in Cases().Append("lenet/n3-h28-c6x16-u120x84x10-t10")
        from kernel in ScratchSubject.Kernels
        select new TestCaseData(id, kernel);

    [OneTimeSetUp]
    public void NeedsTorch() => LiveTorch.Require();

    [TestCaseSource(nameof(EveryCaseAndKernel))]
    public void TheEngineAnswersAsTorchDoes(string id, string kernel)
    {
        var layerCase = AllOperations.Draw(id, FreshSeed);
        var expected = Float64.Evaluate(layerCase);
        var bound = AllOperations.Named(layerCase.Op).Bound(layerCase, expected, Float32.Evaluate(layerCase));
        var report = Judge.Run(new ScratchSubject(kernel), new(layerCase, expected, bound, Float64.Name));
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass), () => FailureText.Of(report));
    }

    [TestCaseSource(nameof(Cases))]
    public void AStoredVectorIsWhatTorchAnswers(string id)
    {
        var stored = VectorFile.Read(Repository.Fixtures.PathOf(id));
        var report = Judge.Run(new Torch64(), stored.Question);
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass), () => FailureText.Of(report));
    }

    [TestCaseSource(nameof(Cases))]
    public void TheOracleAnswersAsTorchDoes(string id)
    {
        var layerCase = AllOperations.Draw(id, FreshSeed);
        var expected = Float64.Evaluate(layerCase);
        var actual = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
        var bound = layerCase.Tier == Tier.Exact ? ErrorBound.Exact : new ErrorBound(expected.Tensors.ToDictionary(
            pair => pair.Key, pair => Tensor64.Scalar(1e-12 * Math.Max(1, pair.Value.Data.ToArray().Max(Math.Abs)))));
        Assert.That(Comparison.Of(expected, actual, bound).Where(tensor => !tensor.Passes), Is.Empty);
    }

    private sealed class Torch64 : ISubject
    {
        public string Name => Float64.Name;

        public LayerResult Run(LayerCase layerCase) => Float64.Evaluate(layerCase);
    }
}
