using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Scratch;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using Conformance.Torch;

namespace Conformance.Tests.Scratch;

/// <summary>
/// Our engine against live TorchSharp: every case with fills that no stored vector has, every kernel; and the stored vectors themselves against live
/// torch and the oracle.
/// </summary>
internal sealed class LiveTorchConformance
{
    private const ulong FreshSeed = 20;

    private static readonly TorchOracle Float64 = new();

    /// <summary>All that torch has an answer to: what it refuses is judged with the stored vectors.</summary>
    private static IEnumerable<string> Cases() => Repository.Fixtures.Cases().Select(entry => entry.Id).Where(id => AllOperations.Draw(id).Refused is null);

    private static IEnumerable<TestCaseData> EveryCaseAndKernel() =>
        from id in Cases().Append("lenet/n3-h28-c6x16-u120x84x10-layers")
        from kernel in ScratchSubject.Kernels
        select new TestCaseData(id, kernel);

    [OneTimeSetUp]
    public void NeedsTorch() => LiveTorch.Require();

    [TestCaseSource(nameof(EveryCaseAndKernel))]
    public void TheEngineAnswersAsTorchDoes(string id, string kernel)
    {
        // Two right networks may part at a kink: a fresh one has to stay clear of them.
        var layerCase = AllOperations.Draw(id.StartsWith("lenet/", StringComparison.Ordinal) ? LeNetKinks.Clear(id, FreshSeed) : id, FreshSeed);
        var expected = Float64.Evaluate(layerCase);
        var bound = AllOperations.Named(layerCase.Op).Bound(layerCase, expected);
        Judged.Pass(Judge.Run(new ScratchSubject(kernel), new(layerCase, expected, bound, Float64.Name)));
    }

    /// <summary>Every tensor that torch answers, within its last bits, and with a tolerance no wider than a fresh one: a file can't be hollowed out.</summary>
    [TestCaseSource(nameof(Cases))]
    public void AStoredVectorIsWhatTorchAnswers(string id)
    {
        var stored = VectorFile.Read(Repository.Fixtures.PathOf(id));
        var fresh = Float64.Evaluate(stored.Case);
        Assert.That(Comparison.Compare(fresh, stored.Expected, LastBits(stored.Case, fresh)).Where(tensor => !tensor.Passes), Is.Empty);
        Assert.That(stored.Expected.Tensors.Select(pair => pair.Key), Is.EquivalentTo(fresh.Tensors.Select(pair => pair.Key)));

        var bound = AllOperations.Named(stored.Case.Op).Bound(stored.Case, fresh);
        foreach (var (name, tensor) in fresh.Tensors)
            for (var i = 0; i < tensor.Length; i++)
                Assert.That(stored.Bound.Of(name, i), Is.LessThanOrEqualTo((1 + VectorChange.OfBounds(stored.Case.Op)) * bound.Of(name, i)), $"{name} at {i}");
    }

    [TestCaseSource(nameof(Cases))]
    public void TheOracleAnswersAsTorchDoes(string id)
    {
        var layerCase = AllOperations.Draw(id, FreshSeed);
        var expected = Float64.Evaluate(layerCase);
        var actual = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
        Assert.That(Comparison.Compare(expected, actual, LastBits(layerCase, expected)).Where(tensor => !tensor.Passes), Is.Empty);
    }

    /// <summary>How far two float64 computations of the same thing may be apart; 0 in the exact tier.</summary>
    private static ErrorBound LastBits(LayerCase layerCase, LayerResult expected) => layerCase.Tier == Tier.Exact ? ErrorBound.Exact : new ErrorBound(
        expected.Tensors.ToDictionary(pair => pair.Key, pair => Tensor64.Scalar(1e-12 * Math.Max(1, pair.Value.Data.ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max()))));
}
