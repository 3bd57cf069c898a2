using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// The failing cases of a tensor that a known mistake explains where it does not explain all: there is another mistake beside it, which shows alone
/// in the others or together with it. No passing case may contradict it.
/// </summary>
/// <param name="Defects">One; several where they explain the same cases.</param>
internal sealed record Share(IReadOnlyList<Defect> Defects, IReadOnlyList<Sight> Wrong)
{
    /// <summary>By chance a mistake agrees with another one in a few small cases: it must explain so many.</summary>
    private const int Fewest = 3;

    /// <summary>And so much of what is left.</summary>
    private const double Least = 0.5;

    /// <summary>
    /// Of the cases that the mistake explains or should explain, how many it may not: there it shows, and the engine answers something else.
    /// </summary>
    private const double MostAgainst = 0.25;

    /// <summary>So many of the smallest failing cases are tried before a mistake that explains none of them is given up.</summary>
    private const int Tried = 12;

    /// <param name="tensor">What is left to explain.</param>
    /// <param name="ordered">The operation's reports.</param>
    /// <param name="named">Mistakes that are known to be there: of each, together with another one, is tried what neither explains alone.</param>
    /// <returns>Null where no known mistake has a share that is large enough to be believed.</returns>
    public static Share? Largest(Evidence tensor, IReadOnlyList<CaseReport> ordered, IReadOnlyCollection<Defect> named, Bank bank)
    {
        var known = bank.Defects(tensor.Op).ToArray();
        Sight[] wrong = [.. tensor.Wrong.Where(sight => sight.Report.Question.Hashes is null).OrderBy(sight => sight.Comparison!.Count)];
        var enough = Math.Max(Fewest, Least * tensor.Wrong.Count);
        var pairs = named.Distinct().SelectMany(one => known.Where(other => other != one).Select(other => new PairDefect(one, other)));
        // Of so many pairs some explain a part by chance.
        return Of(known) ?? (Of([.. pairs]) is { } together && together.Wrong.Count == tensor.Wrong.Count ? together : null);

        Share? Of(IReadOnlyList<Defect> defects) =>
            defects.AsParallel().AsOrdered().Select(Explained).OfType<Share>().GroupBy(share => share.Wrong.Count).MaxBy(group => group.Key)
                ?.ToArray() is { } best && best.All(share => share.Wrong.SequenceEqual(best[0].Wrong))
                ? new(best.SelectMany(share => share.Defects).DistinctBy(defect => defect.Id).ToArray(), best[0].Wrong)
                : null;

        Share? Explained(Defect defect)
        {
            var (explained, against) = (new List<Sight>(), 0);
            // Large cases take long: a mistake is given up where it explains none of the first, and where those that are left are too few.
            for (var i = 0; i < wrong.Length && explained.Count + wrong.Length - i >= enough && (i < Tried || explained.Count > 0); i++)
            {
                var sight = wrong[i];
                var shown = bank.Shows(defect, sight);
                if (shown is not null && Replay.Reproduces(shown, sight))
                    explained.Add(sight);
                else if (shown is { IsClear: true })
                    against++;
            }
            return explained.Count >= enough && against <= MostAgainst * (explained.Count + against)
                && !ordered.Any(report => Contradicts(report, defect))
                    ? new([defect], explained)
                    : null;
        }

        bool Contradicts(CaseReport report, Defect defect) => bank.Shows(defect, report.Question) is not { } symptoms
            || report.Tensors.Any(one => one.Passes && Diagnosing.Explained.PassOf(one.Name) == Diagnosing.Explained.PassOf(tensor.Tensor)
                && symptoms.GetValueOrDefault(one.Name) is { IsClear: true });
    }
}
