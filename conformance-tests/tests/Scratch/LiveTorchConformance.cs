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
    private static IEnumerable<StoredVector> Vectors(string operation) => Repository.Vectors[operation].Where(vector => vector.Case.Refused is null);

    private static IEnumerable<TestCaseData> Operations() => Repository.Operations.Select(operation => LongOnes.Operations.AsTest(operation));

    private static IEnumerable<TestCaseData> EveryOperationAndKernel() =>
        from operation in Repository.Operations
        from kernel in ScratchSubject.Kernels
        select LongOnes.Operations.AsTest(operation, kernel);

    [OneTimeSetUp]
    public void NeedsTorch() => LiveTorch.Require();

    [TestCaseSource(nameof(EveryOperationAndKernel))]
    public void TheEngineAnswersAsTorchDoes(string operation, string kernel) => Bulk.Check(
        Vectors(operation).Select(vector => vector.Case.Id).Concat(operation == "lenet" ? ["lenet/n3-h28-c6x16-u120x84x10-layers"] : []),
        id => id,
        id =>
        {
            // Two right networks may part at a kink: a fresh one has to stay clear of them.
            var layerCase = AllOperations.Draw(operation == "lenet" ? LeNetKinks.Clear(id, FreshSeed) : id, FreshSeed);
            var expected = Float64.Evaluate(layerCase);
            var bound = AllOperations.Named(layerCase.Op).Bound(layerCase, expected);
            return Judged.Problem(Judge.Run(new ScratchSubject(kernel), new(layerCase, expected, bound, Float64.Name)));
        });

    /// <summary>
    /// Every stored tensor agrees with live torch up to its last bits, and its tolerance is no wider than a fresh one. So nobody can weaken a file.
    /// </summary>
    [TestCaseSource(nameof(Operations))]
    public void AStoredVectorIsWhatTorchAnswers(string operation) => Bulk.Check(Vectors(operation), stored => stored.Case.Id, stored =>
    {
        var fresh = Float64.Evaluate(stored.Case);
        if (Differences(stored.Case, fresh, stored.Expected) is { } different)
            return different;
        if (!stored.Expected.Tensors.Select(pair => pair.Key).ToHashSet().SetEquals(fresh.Tensors.Select(pair => pair.Key)))
            return "other tensors are stored than torch answers";

        var (bound, widest) = (AllOperations.Named(operation).Bound(stored.Case, fresh), 1 + VectorChange.OfBounds(operation));
        foreach (var (name, tensor) in fresh.Tensors)
            for (var i = 0; i < tensor.Length; i++)
                if (!(stored.Bound.At(name, i) <= widest * bound.At(name, i)))
                    return $"the tolerance of {name} at {i} is {stored.Bound.At(name, i)}, a fresh one {bound.At(name, i)}";
        return null;
    });

    [TestCaseSource(nameof(Operations))]
    public void TheOracleAnswersAsTorchDoes(string operation) => Bulk.Check(Vectors(operation).Select(vector => vector.Case.Id), id => id, id =>
    {
        var layerCase = AllOperations.Draw(id, FreshSeed);
        return Differences(layerCase, Float64.Evaluate(layerCase), AllOperations.Named(operation).Evaluate(layerCase));
    });

    /// <summary>The tensors that differ by more than the last bits, or null.</summary>
    private static string? Differences(LayerCase layerCase, LayerResult expected, LayerResult actual)
    {
        var wrong = Comparison.Compare(expected, actual, LastBits(layerCase, expected)).Where(tensor => !tensor.Passes)
            .Select(tensor => $"{tensor.Name}: {tensor.Problem ?? $"{tensor.Wrong} of {tensor.Count} numbers differ, by {tensor.MaxError} at most"}")
            .ToArray();
        return wrong.Length == 0 ? null : string.Join("; ", wrong);
    }

    /// <summary>How far two float64 computations of the same thing may be apart; 0 in the exact tier.</summary>
    private static ErrorBound LastBits(LayerCase layerCase, LayerResult expected)
    {
        return layerCase.Tier == Tier.Exact
            ? ErrorBound.Exact
            : new ErrorBound(expected.Tensors.ToDictionary(pair => pair.Key, pair => Tensor64.Scalar(1e-12 * Math.Max(1, Largest(pair.Value)))));

        static double Largest(Tensor64 tensor) => tensor.Data.ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
    }
}
