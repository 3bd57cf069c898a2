using Conformance.Oracle;
using Conformance.Suite;
using Conformance.Suite.Diagnosing;

namespace Conformance.Cli.Checking;

/// <summary>What a run says beyond its verdicts: the cause of each failure, and how much the passes mean.</summary>
/// <param name="Causes">With what the engine reads for a wrong element, where it could be asked.</param>
/// <param name="Reaches">One for each operation and kernel in which something was judged.</param>
internal sealed record Diagnosed(IReadOnlyList<(Cause Cause, TapPicture? Picture)> Causes, IReadOnlyList<Reach> Reaches)
{
    public static Diagnosed Of(IReadOnlyList<CaseReport> reports, IReadOnlyList<ISubject> subjects, CancellationToken cancel)
    {
        var bank = new Bank();
        var (causes, reaches) = (new List<(Cause, TapPicture?)>(), new List<Reach>());
        foreach (var subject in subjects)
        {
            var own = reports.Where(report => report.Subject == subject.Name && report.Kernel == subject.Kernel).ToArray();
            causes.AddRange(Diagnosis.Of(own, bank).Select(cause => (cause, Picture(cause, subject))));
            foreach (var operation in own.GroupBy(report => report.Question.Case.Op).Where(group => group.Any(report => report.Verdict != Verdict.Unsupported)))
            {
                cancel.ThrowIfCancellationRequested();
                reaches.Add(Reach.Of([.. operation], bank));
            }
        }
        return new(causes, reaches);
    }

    private static TapPicture? Picture(Cause cause, ISubject subject)
    {
        var first = CauseText.First(cause);
        return first.Comparison is { First: [var wrong, ..] } tensor && AllOperations.Named(cause.Op) is TapOperation
            ? Probe.Of(subject, first.Case, tensor.Name, first.Expected.FlatOf(wrong.Index))
            : null;
    }
}
