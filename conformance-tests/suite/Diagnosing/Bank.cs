using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>The answer of an engine with a known mistake, for one tensor.</summary>
/// <param name="Answer">The tensor; null if the engine leaves it out.</param>
/// <param name="IsClear">Whether it is so far from the correct answer that rounding can't bring it within the tolerance.</param>
public sealed record Symptom(Tensor64? Answer, bool IsClear);

/// <summary>
/// The known mistakes and their answers. Answers are cached, because a diagnosis uses the same ones many times.
/// </summary>
public sealed class Bank
{
    /// <summary>The distance, in tolerances, from which rounding can't hide a mistake in the bounded tier.</summary>
    private const double ClearBounds = 2;

    private static readonly IReadOnlyDictionary<string, Symptom> Nothing = new Dictionary<string, Symptom>();

    // Defects and questions are what they are by being that object: their contents are large. What is kept of a question goes with it.
    private readonly ConditionalWeakTable<Question, ConcurrentDictionary<Defect, IReadOnlyDictionary<string, Symptom>?>> _shown = [];

    /// <summary>Mistakes beside those that the operations list.</summary>
    public IEnumerable<Defect> Others { get; init; } = [];

    /// <summary>
    /// The single mistakes of an operation that give wrong numbers. One that shows otherwise in float64 comes as both: what an engine computes with
    /// inside need not be what it declares.
    /// </summary>
    public IEnumerable<Defect> Defects(string op) =>
        AllOperations.Named(op).Defects.Concat(Others.Where(defect => defect.Op == op)).Where(defect => defect is not AcceptDefect)
            .SelectMany(defect => defect.InFloat64 is { } wide ? new[] { defect, wide } : [defect]);

    /// <summary>The tensors that an engine with <paramref name="defect"/> gets wrong, by name; those that it gets right are not there.</summary>
    /// <returns>Null where an engine with it would give no answer: the mistake throws.</returns>
    public IReadOnlyDictionary<string, Symptom>? Shows(Defect defect, Question question) => defect is PairDefect
        ? Shown(defect, question)
        : _shown.GetValue(question, _ => new(ReferenceEqualityComparer.Instance)).GetOrAdd(defect, Shown, question);

    /// <summary>The same of one tensor of one case; null where an engine with <paramref name="defect"/> gets it right or gives no answer.</summary>
    public Symptom? Shows(Defect defect, Sight sight) => Shows(defect, sight.Report.Question)?.GetValueOrDefault(sight.Comparison!.Name);

    private static IReadOnlyDictionary<string, Symptom>? Shown(Defect defect, Question question) => Attempt.Find(() => Evaluate(defect, question));

    private static IReadOnlyDictionary<string, Symptom> Evaluate(Defect defect, Question question)
    {
        if (question.Case.Refused is not null)
            return Nothing;
        var constants = defect.Parts.OfType<ConstantDefect>().ToArray();
        var answers = (constants.Length == 0 || question.Meaning is not null
            ? question.AnswerWith(defect)
            : AllOperations.Named(question.Case.Op).Evaluate(
                constants.Aggregate(question.Case, (asked, constant) => constant.Change(asked)), defect)).Tensors.ToDictionary();
        Dictionary<string, Symptom>? shown = null;
        foreach (var (name, expected) in question.Expected.Tensors)
            if (Compare(name, expected, answers.GetValueOrDefault(name), question) is { } wrong)
                (shown ??= [])[name] = wrong;
        return shown ?? Nothing;
    }

    private static Symptom? Compare(string name, Tensor64 expected, Tensor64? answer, Question question)
    {
        if (answer is null || !answer.HasShape(expected.Shape))
            return new(answer, IsClear: true);
        var (differs, clear) = (false, false);
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(answer[i]))
                continue;
            var error = Math.Abs(answer[i] - expected[i]);
            differs |= error != 0;
            clear |= !double.IsFinite(error) || error > Math.Max(ClearBounds * question.Bound.At(name, i), ErrorBound.U * Math.Abs(expected[i]));
        }
        return differs ? new(answer, clear) : null;
    }
}
