using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// A known mistake that reproduces most of the failing cases of a tensor and contradicts no passing one. It is no diagnosis, but the first place to
/// look.
/// </summary>
/// <param name="Reproduced">The number of failing cases that it reproduces.</param>
public sealed record Nearest(Defect Defect, int Reproduced)
{
    private const int Fewest = 3;

    /// <summary>So many of the smallest failing cases are tried first. A mistake that reproduces none of them is not tried on the others.</summary>
    private const int First = 12;

    /// <summary>The nearest known mistake; null if none reproduces half of the failing cases, and at least three.</summary>
    public static Nearest? Find(Evidence evidence, Bank bank)
    {
        var (wrong, right) = (Small(evidence.Wrong), Small(evidence.Right));
        var enough = Math.Max(Fewest, (wrong.Length + 1) / 2);
        return bank.Defects(evidence.Op).AsParallel().AsOrdered()
            .Select(defect => new Nearest(defect, Reproduced(defect)))
            .Where(one => one.Reproduced >= enough && !right.Any(sight => bank.Shows(one.Defect, sight) is { IsClear: true }))
            .MaxBy(one => one.Reproduced);

        // Stops where the cases that are left can't make it enough.
        int Reproduced(Defect defect)
        {
            var count = 0;
            for (var i = 0; i < wrong.Length && count + wrong.Length - i >= enough && (i < First || count > 0); i++)
                if (Replay.Reproduces(defect, wrong[i], bank))
                    count++;
            return count;
        }

        static Sight[] Small(IReadOnlyList<Sight> sights) =>
            [.. sights.Where(sight => sight.Report.Question.Hashes is null).OrderBy(sight => sight.Comparison!.Count)];
    }
}
