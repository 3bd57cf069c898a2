using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Dialects;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;

namespace Conformance.Suite.Running;

/// <summary>Asks a subject a question and judges the answer, by the conventions that the subject declares.</summary>
public static class Judge
{
    /// <exception cref="ArgumentException">The subject declares a convention that does not exist.</exception>
    public static CaseReport Run(ISubject subject, Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (start, dialect) = (Stopwatch.GetTimestamp(), Dialect.FromDeclaration(subject.Declares));
        var engine = dialect.Translated(subject);
        if (dialect.Unsupported(question.Case.Op) is { } absent)
            return Report(Verdict.Unsupported, [], absent);
        question = dialect.AsMeant(question);
        var layerCase = question.Case.Copy();
        var guard = ArgumentGuard.FromCase(layerCase);
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
            return Report(Verdict.Fail, [], changed.Message) with { ChangedArgument = changed.Argument };
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
            return Threw(error.Complaint);
        }
        catch (Exception own) when (own is SuiteException or OperationCanceledException && subject is WireSubject)
        {
            throw; // neither is the engine's doing
        }
#pragma warning disable CA1031 // any exception of an engine is a verdict on that case and must not end the run
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Threw(new(error.GetType().Name, error.Message));
        }
        if (layerCase.Refused is { } reason)
        {
            if (dialect.Answered(question) is not { } answered)
                return Report(Verdict.Fail, [], $"answered with numbers what must be refused: {reason}");
            question = answered;
        }

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
            var leftOut = reply.Unsupported.Where(pair => asked.Contains(pair.Key) && !judged.Tensors.Any(tensor => tensor.Key == pair.Key))
                .ToDictionary();
            if (!judged.Tensors.Any())
            {
                var message = string.Join("; ", leftOut.Select(pair => $"{pair.Key}: {pair.Value}"));
                return Report(Verdict.Unsupported, [], message) with { LeftOut = leftOut };
            }
            var tensors = Comparison.Compare(judged, reply, question.Bound);
            var again = replies.Skip(1).Select(other => ReplyDifference.Find(reply, other)).FirstOrDefault(difference => difference is not null);
            var verdict = Separation.IsVacuous(question, expected) ? Verdict.Vacuous
                : again is not null || !tensors.All(tensor => tensor.Passes) ? Verdict.Fail
                : dialect.Acted(question, engine).Count > 0 ? Verdict.Dialect : Verdict.Pass;
            return Report(verdict, tensors, again is null ? null : $"the same question again got another answer: {again}") with
            {
                Difference = again,
                Reply = verdict == Verdict.Fail ? reply : null,
                Answer = HistoryCases.IsFit(question) ? reply : null,
                LeftOut = leftOut,
                IsWhole = leftOut.Count == 0 && !subject.Declares.ForwardOnly,
            };
        }

        CaseReport Threw(Complaint complaint) => Report(Verdict.Error, [], complaint.ToString()) with { Fault = Fault.Threw, Complaint = complaint };

        CaseReport Report(Verdict verdict, IReadOnlyList<TensorComparison> tensors, string? message) => new(
            question, subject.Name, subject.Kernel, verdict, tensors, message, Stopwatch.GetElapsedTime(start).TotalMilliseconds)
        { Options = subject.Options, Acted = dialect.Acted(question, engine) };
    }
}
