using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Dialects;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Protocol;

namespace Conformance.Suite.Judging;

/// <summary>A case with its right answer and how far from it an engine may be.</summary>
/// <param name="Source">Who answered: live torch, a stored vector, or the taps.</param>
public sealed record Question(LayerCase Case, LayerResult Expected, ErrorBound Bound, string Source)
{
    private readonly Lazy<LayerResult> _expected = new(Expected);

    /// <summary>The answer; for a recipe computed by the oracle when it is first asked for.</summary>
    public LayerResult Expected
    {
        get => _expected.Value;
        init => _expected = new(value);
    }

    /// <summary>What the engine's declared conventions make of the case; null where they don't concern it.</summary>
    public Meaning? Meaning { get; init; }

    /// <summary>The answer of an engine with a known mistake, as the oracle has it.</summary>
    public LayerResult AnswerWith(Defect defect) => Meaning is null ? AllOperations.Named(Case.Op).Evaluate(Case, defect) : Meaning.Answer(defect);

    /// <summary>For a recipe, which keeps no answer: the hash of each expected tensor, by the names of <see cref="LayerResult.Tensors"/>; else null.</summary>
    public IReadOnlyDictionary<string, TensorHash>? Hashes { get; private init; }

    /// <summary>A case too large to store, judged by hashes; its answer is computed when one differs, so that the report can say where.</summary>
    /// <exception cref="FixtureException">Later, when the answer is asked for: the oracle's has other hashes.</exception>
    public static Question OfRecipe(string file, LayerCase layerCase, IReadOnlyDictionary<string, TensorHash> hashes, string source) =>
        new(layerCase, () => Recomputed(file, layerCase, hashes), source) { Hashes = hashes };

    private Question(LayerCase layerCase, Func<LayerResult> answer, string source)
        : this(layerCase, LayerResult.Empty, ErrorBound.Exact, source) => _expected = new(answer);

    /// <summary>A case with the oracle's own answer.</summary>
    public static Question AnsweredByTheOracle(LayerCase layerCase)
    {
        if (layerCase.Refused is not null)
            return new(layerCase, LayerResult.Empty, ErrorBound.Exact, "the oracle");
        var operation = AllOperations.Named(layerCase.Op);
        var expected = operation.Evaluate(layerCase);
        return new(layerCase, expected, operation.Bound(layerCase, expected), "the oracle");
    }

    /// <summary>What a reply is compared with: itself where a recipe's hashes say that it is right, else the answer.</summary>
    /// <param name="isLeftOut">Whether a tensor is not judged, so that it needs no answer.</param>
    internal LayerResult ExpectedOf(LayerResult reply, Func<string, bool> isLeftOut)
    {
        if (Hashes is null)
            return Expected;
        var tensors = reply.Tensors.ToDictionary();
        return Hashes.All(hash => tensors.TryGetValue(hash.Key, out var tensor) ? TensorHash.Of(tensor) == hash.Value : isLeftOut(hash.Key))
            ? new(Kept("outputs.", reply.Outputs), Kept("gradients.", reply.Gradients))
            : Expected;

        Dictionary<string, Tensor64> Kept(string prefix, IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.Where(pair => Hashes.ContainsKey(prefix + pair.Key)).ToDictionary();
    }

    private static LayerResult Recomputed(string file, LayerCase layerCase, IReadOnlyDictionary<string, TensorHash> hashes)
    {
        var answer = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
        var tensors = answer.Tensors.ToDictionary();
        foreach (var (name, hash) in hashes)
            if (!tensors.TryGetValue(name, out var tensor) || TensorHash.Of(tensor) != hash)
                throw new FixtureException(file, "expected." + name, "the oracle's answer has another hash: the file was changed, or the oracle is wrong");
        return tensors.Count == hashes.Count
            ? answer
            : throw new FixtureException(file, "expected", $"tensors {string.Join(", ", hashes.Keys)}, where the oracle answers {string.Join(", ", tensors.Keys)}");
    }
}

/// <summary>What came of one case.</summary>
/// <param name="Message">Why there is no comparison: the engine's refusal or exception; else null.</param>
public sealed record CaseReport(
    Question Question, string Subject, string? Kernel, Verdict Verdict, IReadOnlyList<TensorComparison> Tensors, string? Message, double Milliseconds)
{
    /// <summary>What the engine answered, kept where a tensor of it is wrong: the diagnosis reads it. Else null.</summary>
    public LayerResult? Reply { get; init; }

    /// <summary>Whether the engine wrote to one of its arguments.</summary>
    public bool ChangedArgument { get; init; }

    /// <summary>What came in place of numbers; null where there are some, or where the engine says that it does not offer the case.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The options with which <c>check</c> judges this engine; null where there are none.</summary>
    public string? Options { get; init; }

    /// <summary>Tensors that the engine says it does not offer, with its reasons, by the names of <see cref="LayerResult.Tensors"/>. They are no part of the verdict, and never counted as passed.</summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every tensor of the answer was judged: none is left out, and the engine has a backward pass.</summary>
    public bool IsWhole { get; init; } = true;
}

/// <summary>Puts a question to a subject and judges the answer, under the conventions that the subject declares.</summary>
public static class Judge
{
    /// <exception cref="ArgumentException">The subject declares a convention that there is not.</exception>
    public static CaseReport Run(ISubject subject, Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (start, dialect) = (Stopwatch.GetTimestamp(), Dialect.Of(subject.Declares));
        if (dialect.Unsupported(question.Case.Op) is { } absent)
            return Report(Verdict.Unsupported, [], absent);
        question = dialect.Of(question);
        var engine = dialect.Translated(subject);
        var layerCase = question.Case.Copy();
        var guard = ArgumentGuard.Of(layerCase);
        var replies = new LayerResult[layerCase.Repeat];
        try
        {
            for (var i = 0; i < replies.Length; i++)
                replies[i] = engine.Run(layerCase);
            guard.Verify();
        }
        catch (NotSupportedException unsupported)
        {
            return Report(Verdict.Unsupported, [], unsupported.Message);
        }
        catch (ChangedArgumentException changed)
        {
            return Report(Verdict.Fail, [], changed.Message) with { ChangedArgument = true };
        }
        catch (Exception refusal) when (layerCase.Refused is not null && refusal is ArgumentException or InvalidOperationException)
        {
            return Report(Verdict.Pass, [], refusal.Message) with { Fault = refusal is RefusedException ? Fault.Refused : Fault.Threw };
        }
        catch (RefusedException refusal)
        {
            return Report(Verdict.Fail, [], $"refused what has an answer: {refusal.Message}") with { Fault = Fault.Refused };
        }
        catch (ProtocolException problem)
        {
            return Report(Verdict.Error, [], problem.Message) with { Fault = problem.Fault };
        }
        catch (EngineErrorException error)
        {
            return Report(Verdict.Error, [], error.Message) with { Fault = Fault.Threw };
        }
#pragma warning disable CA1031 // whatever an engine throws is a verdict on that case, never the end of the run
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Report(Verdict.Error, [], $"{error.GetType().Name}: {error.Message}") with { Fault = Fault.Threw };
        }
        if (layerCase.Refused is { } reason)
            return Report(Verdict.Fail, [], $"answered with numbers what must be refused: {reason}");

        var reply = replies[0];
        try
        {
            var expected = dialect.Judged(question.ExpectedOf(reply, name => dialect.IsLeftOut(name, reply)));
            return Compared(expected, Dialect.Without(expected, reply));
        }
        catch (FixtureException damaged)
        {
            return Report(Verdict.Error, [], damaged.Message) with { Fault = Fault.Unreadable };
        }

        CaseReport Compared(LayerResult expected, LayerResult judged)
        {
            var asked = (question.Hashes?.Keys ?? expected.Tensors.Select(tensor => tensor.Key)).ToHashSet();
            var leftOut = reply.Unsupported.Where(pair => asked.Contains(pair.Key) && !judged.Tensors.Any(tensor => tensor.Key == pair.Key)).ToDictionary();
            if (!judged.Tensors.Any())
                return Report(Verdict.Unsupported, [], string.Join("; ", leftOut.Select(pair => $"{pair.Key}: {pair.Value}"))) with { LeftOut = leftOut };
            var tensors = Comparison.Of(judged, reply, question.Bound);
            var again = replies.Skip(1).Select(other => Comparison.FirstDifference(reply, other)).FirstOrDefault(difference => difference is not null);
            var verdict = IsVacuous(question, expected) ? Verdict.Vacuous
                : again is not null || !tensors.All(tensor => tensor.Passes) ? Verdict.Fail
                : question.Meaning is { ChangesTheAnswer: true } || dialect.HasOtherForm(layerCase) ? Verdict.Dialect : Verdict.Pass;
            return Report(verdict, tensors, again is null ? null : $"the same question again got another answer: {again}") with
            {
                Reply = verdict == Verdict.Fail ? reply : null,
                LeftOut = leftOut,
                IsWhole = leftOut.Count == 0 && !subject.Declares.ForwardOnly,
            };
        }

        CaseReport Report(Verdict verdict, IReadOnlyList<TensorComparison> tensors, string? message) => new(
            question, subject.Name, subject.Kernel, verdict, tensors, message, Stopwatch.GetElapsedTime(start).TotalMilliseconds)
        { Options = subject.Options };
    }

    /// <summary>
    /// An engine that answers zeros throughout would pass, and no known mistake answers anything else. A batch of no images is no such case: shapes are what it
    /// asks for. Nor is a softmax over one class, whose loss is 0 but for an engine that overflows.
    /// </summary>
    public static bool IsVacuous(Question question, LayerResult expected) =>
        expected.Outputs.Values.All(tensor => tensor.Length > 0)
        && expected.Tensors.All(pair => !pair.Value.Data.ContainsAnyExcept(0.0))
        && AllOperations.Named(question.Case.Op).Defects.All(defect => Separation.Of(question, defect) == 0);
}
