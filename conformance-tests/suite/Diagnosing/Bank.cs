using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Conformance.Oracle;
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

    // Defects and questions are compared by reference, because their contents are large. The cache of a question is freed with it.
    private readonly ConditionalWeakTable<Question, ConcurrentDictionary<Defect, IReadOnlyDictionary<string, Symptom>>> _shown = [];

    /// <summary>The single mistakes of an operation that give wrong numbers.</summary>
    public static IEnumerable<Defect> Defects(string op) => AllOperations.Named(op).Defects.Where(defect => defect is not AcceptDefect);

    /// <summary>The tensors that an engine with <paramref name="defect"/> gets wrong, by name. Correct tensors are not in the dictionary.</summary>
    public IReadOnlyDictionary<string, Symptom> Shows(Defect defect, Question question) => defect is PairDefect
        ? Evaluate(defect, question)
        : _shown.GetValue(question, _ => new(ReferenceEqualityComparer.Instance)).GetOrAdd(defect, Evaluate, question);

    private static IReadOnlyDictionary<string, Symptom> Evaluate(Defect defect, Question question)
    {
        if (question.Case.Refused is not null)
            return Nothing;
        var answers = question.AnswerWith(defect).Tensors.ToDictionary();
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
