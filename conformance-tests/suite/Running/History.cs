using Conformance.Oracle;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;

namespace Conformance.Suite.Running;

/// <summary>
/// Asks cases with another history, because memory that is not written, or is kept, shows in what an engine was asked before. Each case has two
/// twins: the same geometry with other numbers. The first is asked after questions that are full of NaN, of the same sizes and of the largest; the
/// second after one that is full of 1234.5. Then all are asked in a shuffled order, of an engine started anew where it can be. An answer must be
/// right, and the same bits every time.
/// <para>The twins also find an engine that is right for the stored numbers alone.</para>
/// </summary>
internal sealed class History
{
    /// <summary>Between the seeds of a case, its twins, and the questions before them. As large as no seed that a user takes first.</summary>
    private const ulong Apart = 1000;

    private static readonly string[] Indices = ["target", "mask", "num_batches_tracked"];

    private readonly ISubject _subject;
    private readonly CancellationToken _cancel;

    /// <summary>Operations in which the engine does not survive a question before.</summary>
    private readonly HashSet<string> _ended = [];

    private History(ISubject subject, CancellationToken cancel) => (_subject, _cancel) = (subject, cancel);

    /// <summary>
    /// The reports of those cases of one engine, with one kernel, whose answers were tried: with what was found, and failed by it.
    /// </summary>
    public static IReadOnlyDictionary<CaseReport, CaseReport> Find(
        ISubject subject, IReadOnlyList<CaseReport> reports, CancellationToken cancel = default) =>
        new History(subject, cancel).Find(Chosen(reports));

    private static IReadOnlyList<CaseReport> Chosen(IReadOnlyList<CaseReport> reports) =>
        [.. reports.Where(report => report.Answer is not null && report.TwinOf is null).GroupBy(report => report.Question.Case.Op)
            .SelectMany(operation =>
        {
            var questions = HistoryCases.Choose(operation.Select(report => report.Question)).ToHashSet(ReferenceEqualityComparer.Instance);
            return operation.Where(report => questions.Contains(report.Question));
        })];

    private Dictionary<CaseReport, CaseReport> Find(IReadOnlyList<CaseReport> chosen)
    {
        var asked = new List<Asked>();
        foreach (var operation in chosen.GroupBy(report => report.Question.Case.Op))
        {
            var largest = Filled(Twin(operation.MaxBy(report => HistoryCases.Elements(report.Question.Case))!, 3), double.NaN);
            foreach (var report in operation)
                if (First(report, largest) is { } one)
                    asked.Add(one);
        }
        using var fresh = new Fresh(_subject);
        foreach (var (one, place) in asked.SelectMany(one => new[] { (one, 0), (one, 1), (one, 2) })
            .OrderBy(pair => new Fill(1, pair.one.Report.Question.Case.Id, $"turn {pair.Item2}").Next()))
            one.Plain[place] = Judged(fresh.Subject, place == 0 ? one.Report.Question : one.Twins[place - 1]);
        return new(asked.Select(one => KeyValuePair.Create(one.Report, Weighed(one))), ReferenceEqualityComparer.Instance);
    }

    /// <summary>Asks the twins after other questions. Null where the engine does not survive those.</summary>
    private Asked? First(CaseReport report, LayerCase largest)
    {
        var (before, twins) = (Twin(report, 3), new[] { Asking(Twin(report, 1)), Asking(Twin(report, 2)) });
        var one = new Asked(report, twins, [[largest, Filled(before, double.NaN)], [Filled(before, Occasions.Number)]]);
        if (!Soil(one.Before[0]))
            return null;
        one.After[0] = Judged(_subject, twins[0]);
        var kept = Copy(one.After[0]!.Answer);
        if (!Soil(one.Before[1]))
            return null;
        one.After[1] = Judged(_subject, twins[1]);
        one.Overwritten = kept is null ? null : ReplyDifference.Between(kept, one.After[0]!.Answer);
        return one;
    }

    private CaseReport Weighed(Asked one)
    {
        if (one.After.Concat(one.Plain).Any(answer => answer!.Fault == Fault.NotRecorded))
            return one.Report; // a recording of before there was this
        var report = one.Report with
        {
            Recollections =
            [
                new(Occasion.Later, one.Report.Question, one.Plain[0]!.Answer, one.Report.Answer),
                new(Occasion.AfterNaN, one.Twins[0], one.After[0]!.Answer, one.Plain[1]!.Answer),
                new(Occasion.AfterNumbers, one.Twins[1], one.After[1]!.Answer, one.Plain[2]!.Answer),
            ],
        };
        if (report.Difference is not null)
            return report; // it was another when the case was asked twice, with nothing between
        if (one.Overwritten is { } overwritten)
            return Failed(report, overwritten with { After = Occasion.Overwritten });
        if (Difference(one.Plain[0]!, report) is { } later)
            return Failed(report, later with { After = Occasion.Later });
        for (var i = 0; i < one.Twins.Length; i++)
        {
            var (after, plain) = (one.After[i]!, one.Plain[i + 1]!);
            if (after.Verdict == Verdict.Vacuous || plain.Verdict == Verdict.Vacuous || Difference(after, plain) is not { } difference)
                continue;
            var again = Soil(one.Before[i]) ? Judged(_subject, one.Twins[i]) : after;
            return Failed(report, Difference(again, after) is not null ? difference : difference with
            {
                After = i == 0 ? Occasion.AfterNaN : Occasion.AfterNumbers,
            });
        }
        return report.Verdict.IsGood() && one.Plain.Skip(1).FirstOrDefault(IsWrong) is { } wrong ? OfOtherNumbers(wrong, report) : report;

        static bool IsWrong(CaseReport? twin) => twin!.Verdict is Verdict.Fail or Verdict.Error or Verdict.Unsupported;
    }

    private static CaseReport Failed(CaseReport report, ReplyDifference difference) => report with
    {
        Verdict = report.Verdict == Verdict.Error ? Verdict.Error : Verdict.Fail,
        Difference = difference,
        Message = $"{difference.After.Text()}: {difference}",
    };

    /// <summary>The twin's report in the place of the case's, which passes.</summary>
    private static CaseReport OfOtherNumbers(CaseReport twin, CaseReport report)
    {
        var told = $"with other numbers than those that pass (seed {twin.Question.Case.Seed}){(twin.Message is null ? "" : $": {twin.Message}")}";
        return (twin.Verdict == Verdict.Unsupported ? twin with { Verdict = Verdict.Fail, Fault = Fault.Refused } : twin) with
        {
            TwinOf = report,
            Message = told,
        };
    }

    /// <summary>The difference of the second answer from the first, bit for bit; null where there is none.</summary>
    private static ReplyDifference? Difference(CaseReport second, CaseReport first) => ReplyDifference.Between(first.Answer, second.Answer);

    /// <summary>Asks questions whose answers don't matter.</summary>
    /// <returns>Whether the engine lives on.</returns>
    private bool Soil(IEnumerable<LayerCase> before)
    {
        var engine = Dialect.FromDeclaration(_subject.Declares).Translated(_subject);
        foreach (var one in before.Where(one => !_ended.Contains(one.Op)))
        {
            _cancel.ThrowIfCancellationRequested();
            try
            {
                engine.Run(one.Copy());
            }
            catch (ProtocolException fault) when (!fault.InStep)
            {
                _ended.Add(one.Op);
            }
            catch (Exception own) when (own is SuiteException or OperationCanceledException)
            {
                throw;
            }
#pragma warning disable CA1031 // an engine may throw at NaN, and the next answer is what matters
            catch (Exception)
#pragma warning restore CA1031
            {
                continue;
            }
        }
        return !before.Any(one => _ended.Contains(one.Op));
    }

    private CaseReport Judged(ISubject subject, Question question)
    {
        _cancel.ThrowIfCancellationRequested();
        return Judge.Run(subject, question);
    }

    private static Question Asking(LayerCase twin) => Question.AnsweredByTheOracle(twin);

    /// <summary>The same geometry with other numbers.</summary>
    private static LayerCase Twin(CaseReport report, ulong number)
    {
        var (id, seed) = (report.Question.Case.Id, report.Question.Case.Seed + number * Apart);
        return AllOperations.Draw(id, seed) with { Repeat = 1 };
    }

    /// <summary>The case with every number replaced, but for class numbers and the like.</summary>
    private static LayerCase Filled(LayerCase layerCase, double value)
    {
        return layerCase with { Inputs = All(layerCase.Inputs), Cotangents = All(layerCase.Cotangents) };

        Dictionary<string, Tensor64> All(IReadOnlyDictionary<string, Tensor64> tensors) => tensors.ToDictionary(
            pair => pair.Key, pair => Indices.Contains(pair.Key) && layerCase.Op != "mse_loss" ? pair.Value : pair.Value.Select(_ => value));
    }

    private static LayerResult? Copy(LayerResult? reply) => reply?.Select((_, tensor) => tensor.Select(value => value));

    /// <summary>What one case was asked, and answered.</summary>
    private sealed record Asked(CaseReport Report, Question[] Twins, LayerCase[][] Before)
    {
        /// <summary>The answers to the twins after <see cref="Before"/>.</summary>
        public CaseReport?[] After { get; } = new CaseReport?[2];

        /// <summary>The answers to the case and its twins in any order.</summary>
        public CaseReport?[] Plain { get; } = new CaseReport?[3];

        /// <summary>How an answer changed that was already given: it is a view of memory that the next question overwrites.</summary>
        public ReplyDifference? Overwritten { get; set; }
    }

    /// <summary>The engine started anew; the same one where that can't be, or where it does not start.</summary>
    private sealed class Fresh(ISubject subject) : IDisposable
    {
        private readonly ISubject? _anew = Attempt.Find(() => (subject as IRestartable)?.Fresh());

        public ISubject Subject => _anew ?? subject;

        public void Dispose() => (_anew as IDisposable)?.Dispose();
    }
}
