using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The reports of an operation with tensors that come in another layout put into the right one: a gradient [1, O] for [O], [in, out] for [out, in],
/// flattened, or with the channels last. What else is wrong with their numbers can then be found. A tensor that is right but for its layout stays as
/// it is, because <see cref="Layout"/> says so.
/// </summary>
internal sealed class Upright
{
    /// <summary>So many of the smallest failing cases tell which of several layouts it is.</summary>
    private const int Tried = 8;

    private readonly Dictionary<CaseReport, CaseReport> _changed = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<CaseReport, CaseReport> _originals = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<string, (Evidence Evidence, string Text)> _layouts = [];

    public Upright(IReadOnlyList<CaseReport> reports, Bank bank)
    {
        foreach (var evidence in Evidence.Collect(reports))
            if (Attempt.Find(() => Found(evidence, bank)) is { } arrangement)
            {
                _layouts[evidence.Tensor] = (evidence, Layout.Text(evidence, arrangement));
                foreach (var sight in evidence.Wrong.Where(sight => Has(arrangement, sight)))
                    _changed[sight.Report] = Turned(_changed.GetValueOrDefault(sight.Report, sight.Report), evidence.Tensor, arrangement);
            }
        foreach (var (original, changed) in _changed)
            _originals[changed] = original;
        Reports = [.. reports.Select(report => _changed.GetValueOrDefault(report, report))];
    }

    public IReadOnlyList<CaseReport> Reports { get; }

    /// <summary>The causes found in <see cref="Reports"/>, with the engine's own answers, and with what is said of their layout.</summary>
    public IEnumerable<Cause> Own(IReadOnlyList<Cause> causes)
    {
        var said = new HashSet<string>();
        foreach (var cause in causes)
        {
            var layouts = cause.Evidence.Where(one => one.HasNumbers && _layouts.ContainsKey(one.Tensor)).Select(one => one.Tensor).ToArray();
            yield return layouts.Length == 0 && _originals.Count == 0 ? cause : cause with
            {
                Layout = layouts.Length == 0 ? null : string.Join("; ", layouts.Select(tensor => _layouts[tensor].Text).Distinct()),
                Evidence = [.. cause.Evidence.Select(one => !layouts.Contains(one.Tensor) || !said.Add(one.Tensor) ? Own(one)
                    // Where the rest of the mistake does not show, the layout is wrong all the same.
                    : Own(one) with { Wrong = _layouts[one.Tensor].Evidence.Wrong, Right = _layouts[one.Tensor].Evidence.Right })],
            };
        }
    }

    private Evidence Own(Evidence evidence)
    {
        return evidence with { Wrong = [.. evidence.Wrong.Select(Original)], Right = [.. evidence.Right.Select(Original)] };

        Sight Original(Sight sight) => !_originals.TryGetValue(sight.Report, out var report) ? sight
            : new(report, sight.Comparison is null ? null : report.Tensors.First(tensor => tensor.Name == sight.Comparison.Name));
    }

    /// <summary>The layout in which a tensor comes; null if it is the right one, nothing else is wrong, or several are as likely.</summary>
    private static Arrangement? Found(Evidence evidence, Bank bank)
    {
        evidence = evidence with { Wrong = [.. evidence.Wrong.Where(sight => sight.Comparison is { Count: > 0 } && Edge.Of(sight.Report) is null)] };
        if (evidence.Wrong.Count == 0 || evidence.Op == "flatten" || evidence.Comparable() is not { } wrong || evidence.InPlace()
            || wrong.Select(sight => sight.Expected.Rank).Distinct().ToArray() is not [<= 4 and var rank])
            return null;
        Arrangement[] found = [.. Layout.Permuted(rank).Where(arrangement => wrong.All(sight => Has(arrangement, sight)))];
        var turned = found.Select(arrangement => Turned(evidence, arrangement)).ToArray();
        if (turned.Any(one => one.Wrong.All(sight => sight.Comparison!.Passes)))
            return null;
        return found.Length < 2 ? found.FirstOrDefault()
            : found.Where((_, i) => IsKnown(turned[i], bank)).FirstOrDefault();
    }

    /// <summary>Whether the answer has the shape of the layout. One that has the right shape is in no layout that only adds or joins axes.</summary>
    private static bool Has(Arrangement arrangement, Sight sight) => sight.Actual is { Length: > 0 } actual && actual.Length == sight.Expected.Length
        && arrangement.Order.Length == sight.Expected.Rank && !(arrangement.IsIdentity && actual.HasShape(sight.Expected.Shape))
        && IsMerged(arrangement.Shape(sight.Expected.Shape.ToArray()), actual.Shape.ToArray());

    /// <summary>Whether a shape comes from another one by joining axes that lie side by side, and by axes of extent 1.</summary>
    private static bool IsMerged(int[] shape, int[] merged) => !Products(merged).Except([1, .. Products(shape)]).Any();

    private static IEnumerable<int> Products(int[] shape)
    {
        var product = 1;
        return shape.Select(extent => product *= extent);
    }

    private static bool IsKnown(Evidence evidence, Bank bank)
    {
        Sight[] small = [.. evidence.Wrong.Where(sight => sight.Report.Question.Hashes is null && !sight.Comparison!.Passes)
            .OrderBy(sight => sight.Expected.Length).Take(Tried)];
        return small.Length > 0 && (bank.Defects(evidence.Op).Any(defect => small.All(sight => Replay.Reproduces(defect, sight, bank)))
            || Ratio.Find(evidence with { Wrong = small, Right = [] }) is not null);
    }

    private static Evidence Turned(Evidence evidence, Arrangement arrangement) => evidence with
    {
        Wrong = [.. evidence.Wrong.Select(sight => Turned(sight.Report, evidence.Tensor, arrangement))
            .Select(report => new Sight(report, report.Tensors.First(tensor => tensor.Name == evidence.Tensor)))],
    };

    /// <summary>The report with one tensor of the answer in the right layout, and compared anew.</summary>
    private static CaseReport Turned(CaseReport report, string name, Arrangement arrangement)
    {
        var expected = report.Question.Expected.Tensors.First(pair => pair.Key == name).Value;
        var sources = arrangement.Sources(expected.Shape.ToArray());
        var reply = report.Reply!.Select((of, tensor) => of == name ? Upturned(tensor) : tensor);
        return report with
        {
            Reply = reply,
            Tensors = [.. Comparison.Compare(report.Question.Expected, reply, report.Question.Bound).Where(compared =>
                report.Tensors.Any(tensor => tensor.Name == compared.Name))],
        };

        Tensor64 Upturned(Tensor64 tensor)
        {
            var data = new double[sources.Length];
            for (var flat = 0; flat < sources.Length; flat++)
                data[sources[flat]] = tensor[flat];
            return new(expected.Shape, data);
        }
    }
}
