using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// Creates a stored vector: the float64 answer of the reference, checked against the oracle, with the tolerance and the proof that the case detects
/// its defects.
/// </summary>
/// <param name="float64">The reference in float64, normally live torch. Its float32 is never used, because it is wrong on some machines.</param>
public sealed class Generator(IOracle float64, string reference)
{
    /// <summary>The largest allowed file, in bytes: 300 KiB.</summary>
    public const int MostBytes = 300 << 10;

    /// <summary>The largest share of the tolerance that a plain float32 engine may need. With more, correct engines might fail.</summary>
    private const double MostFloat32Error = 0.25;

    /// <summary>
    /// The largest allowed error of a plain float32 engine in a stored case, in units of the tolerance: 1 for a sum with few terms, otherwise a
    /// quarter.
    /// </summary>
    public static double MostFloat32ErrorOf(LayerCase layerCase) =>
        layerCase.Tier == Tier.Exact ? 0 : AllOperations.Named(layerCase.Op) is TapOperation ? 1 : MostFloat32Error;

    /// <exception cref="InvalidOperationException">
    /// Reference and oracle disagree, the case does not detect its defects or can't fail at all, or it is too large to store.
    /// </exception>
    public StoredVector Make(CaseEntry entry)
    {
        var layerCase = entry.Draw();
        if (layerCase.Refused is not null)
            return Refused(layerCase);
        var operation = AllOperations.Named(layerCase.Op);
        var expected = float64.Evaluate(layerCase);
        var bound = Stated(layerCase, expected, operation.Bound(layerCase, expected));
        var question = new Question(layerCase, expected, bound, "the stored vector, " + reference);
        if (Separation.IsVacuous(question, expected))
            throw Problem(layerCase, "every expected element is 0, so the case could not fail");
        Require(layerCase, expected, operation.Evaluate(layerCase), bound);

        var whole = new StoredVector(question, Proved(question), new(reference, Provenance.Command, Float32Error(question)));
        return VectorText.Size(VectorText.Render(whole)) <= MostBytes ? whole : Recipe(whole);
    }

    /// <summary>
    /// Creates a vector for a case that must be refused. Oracle and reference must both refuse it. An engine that accepts it fails.
    /// </summary>
    private StoredVector Refused(LayerCase layerCase)
    {
        try
        {
            float64.Evaluate(layerCase);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.Runtime.InteropServices.ExternalException)
        {
            var question = Question.AnsweredByTheOracle(layerCase) with { Source = "the stored vector, " + reference };
            return new(question, Proved(question), new(reference, Provenance.Command, 0));
        }
        throw Problem(layerCase, $"the oracle refuses it ({layerCase.Refused}), and the reference does not");
    }

    private static SortedDictionary<string, double> Proved(Question question)
    {
        var separation = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var id in question.Case.Catches)
        {
            var far = Separation.Measure(question, AllOperations.DefectOf(id));
            if (!(far >= Separation.Least(question.Case.Tier)))
                throw Problem(question.Case, $"claims to catch {id}, but that differs by {far:G3} at most");
            separation[id] = far;
        }
        return separation;
    }

    /// <summary>
    /// A tolerance for every tensor, so that a reader needs no rule for a missing one; it is 0 for a tensor that is judged exactly. It is also 0 for
    /// an element that is NaN or infinite, because such an element must match as it is.
    /// </summary>
    private static ErrorBound Stated(LayerCase layerCase, LayerResult expected, ErrorBound bound) =>
        layerCase.Tier == Tier.Exact ? bound : new(expected.Tensors.ToDictionary(pair => pair.Key, pair =>
    {
        if (!bound.Tensors.TryGetValue(pair.Key, out var tensor))
            return Tensor64.Scalar(0);
        var flat = 0;
        return tensor.Length == pair.Value.Length ? tensor.Select(value => double.IsFinite(pair.Value[flat++]) ? value : 0) : tensor;
    }))
        {
            Spreads = bound.Spreads,
        };

    /// <summary>The error of the plain engine's float32 answers over all orders of summation, in units of the tolerance.</summary>
    /// <exception cref="InvalidOperationException">The error is too large, so that correct engines might fail.</exception>
    public static double Float32Error(Question question)
    {
        var (layerCase, expected, bound, worst) = (question.Case, question.Expected, question.Bound, 0.0);
        var share = Share(layerCase, bound);
        foreach (var float32 in AllOperations.Named(layerCase.Op).Float32InEveryOrder(layerCase))
        {
            var error = Separation.Measure(layerCase, expected, float32, bound);
            if (Comparison.Compare(expected, float32, share).FirstOrDefault(tensor => !tensor.Passes) is { } near)
                throw Problem(layerCase, $"a plain float32 engine's error in {near.Name} comes to {error:G3} × the tolerance: more than a quarter");
            worst = Math.Max(worst, error);
        }
        return worst;
    }

    /// <summary>
    /// The largest allowed error of a plain engine's float32 answer: a quarter of the tolerance. For a sum of few terms the tolerance is the worst
    /// case itself (<see cref="ErrorBound.IsWorstCase"/>). No correct engine can exceed it, so the whole tolerance is allowed.
    /// </summary>
    private static ErrorBound Share(LayerCase layerCase, ErrorBound bound)
    {
        var terms = AllOperations.Named(layerCase.Op) is TapOperation taps && layerCase.Tier == Tier.Bounded
            ? taps.TermCounts(layerCase).Tensors.ToDictionary()
            : [];
        return new(bound.Tensors.ToDictionary(pair => pair.Key, pair =>
        {
            var (counts, flat) = (terms.GetValueOrDefault(pair.Key), 0);
            return pair.Value.Select(limit => limit * (counts is not null && ErrorBound.IsWorstCase(counts[flat++]) ? 1 : MostFloat32Error));
        }));
    }

    private static StoredVector Recipe(StoredVector whole)
    {
        var layerCase = whole.Case;
        if (layerCase.Tier == Tier.Bounded)
            throw Problem(layerCase, $"takes more than {MostBytes >> 10} KiB, and only an exact case can be kept as a recipe: make it smaller");
        if (layerCase.Inputs.Concat(layerCase.Cotangents).FirstOrDefault(pair => pair.Value.Recipe is null) is { Key: { } name })
            throw Problem(layerCase, $"takes more than {MostBytes >> 10} KiB, and {name} is not drawn from one stream as it is, "
                + $"which a recipe needs: make it smaller");
        var hashes = whole.Expected.Tensors.ToDictionary(pair => pair.Key,
            pair => TensorHash.FromTensor(pair.Value) ?? throw Problem(layerCase, $"float32 does not hold {pair.Key}"));
        return whole with { Question = Fixtures.Recipe.ToQuestion(layerCase.Id, layerCase, hashes, whole.Question.Source) };
    }

    private static void Require(LayerCase layerCase, LayerResult expected, LayerResult oracle, ErrorBound bound)
    {
        var tensors = ReferenceDistance.Compare(expected, oracle, ReferenceDistance.Unit(layerCase, expected, bound));
        var (ours, theirs) = (
            oracle.Tensors.Select(pair => pair.Key).Order(StringComparer.Ordinal), expected.Tensors.Select(pair => pair.Key)
            .Order(StringComparer.Ordinal));
        if (!ours.SequenceEqual(theirs))
            throw Problem(layerCase, $"the reference answers {string.Join(", ", theirs)}, the oracle {string.Join(", ", ours)}");
        if (tensors.FirstOrDefault(tensor => !tensor.Passes) is { } wrong)
            throw Problem(
                layerCase,
                $"the reference and the oracle disagree on {wrong.Name}: "
                    + (wrong.Problem
                        ?? $"{wrong.Wrong} of {wrong.Count} elements, by {wrong.MaxError:G3} at most where {wrong.Bound:G3} is allowed"));
    }

    private static InvalidOperationException Problem(LayerCase layerCase, string message) => new($"{layerCase.Id}: {message}");
}
