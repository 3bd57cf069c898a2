using System.Diagnostics;
using Conformance.Oracle;

namespace Conformance.Suite;

/// <summary>A case with its right answer and how far from it an engine may be.</summary>
/// <param name="Source">Who answered: live torch, a stored vector, or the taps.</param>
public sealed record Question(LayerCase Case, LayerResult Expected, ErrorBound Bound, string Source)
{
    /// <summary>A case with the oracle's own answer. Not for a whole network, whose tolerance comes from the reference's float32 run.</summary>
    public static Question AnsweredByTheOracle(LayerCase layerCase)
    {
        var operation = AllOperations.Named(layerCase.Op);
        var expected = operation.Evaluate(layerCase);
        return new(layerCase, expected, operation.Bound(layerCase, expected, expected), "the oracle");
    }
}

/// <summary>What came of one case.</summary>
/// <param name="Message">Why there is no comparison: the engine's refusal or exception; else null.</param>
public sealed record CaseReport(
    Question Question, string Subject, string? Kernel, Verdict Verdict, IReadOnlyList<TensorComparison> Tensors, string? Message, double Milliseconds);

/// <summary>Puts a question to a subject and judges the answer.</summary>
public static class Judge
{
    public static CaseReport Run(ISubject subject, Question question)
    {
        var start = Stopwatch.GetTimestamp();
        LayerResult answer;
        try
        {
            answer = subject.Run(question.Case);
        }
        catch (NotSupportedException refusal)
        {
            return Report(Verdict.Unsupported, [], refusal.Message);
        }
#pragma warning disable CA1031 // whatever an engine throws is a verdict on that case, never the end of the run
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Report(Verdict.Error, [], $"{error.GetType().Name}: {error.Message}");
        }
        var tensors = Comparison.Of(question.Expected, answer, question.Bound);
        var verdict = IsVacuous(question) ? Verdict.Vacuous : tensors.All(tensor => tensor.Passes) ? Verdict.Pass : Verdict.Fail;
        return Report(verdict, tensors, null);

        CaseReport Report(Verdict verdict, IReadOnlyList<TensorComparison> tensors, string? message) => new(
            question, subject.Name, subject.Kernel, verdict, tensors, message, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>An engine that answers zeros throughout would pass.</summary>
    private static bool IsVacuous(Question question) => question.Expected.Tensors.All(pair => !pair.Value.Data.ContainsAnyExcept(0.0));
}
