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

    /// <summary>The nearest known mistake; null if none reproduces half of the failing cases, and at least three.</summary>
    public static Nearest? Find(Evidence evidence, Bank bank)
    {
        var (wrong, right) = (Small(evidence.Wrong), Small(evidence.Right));
        var enough = Math.Max(Fewest, (wrong.Length + 1) / 2);
        return bank.Defects(evidence.Op).AsParallel().AsOrdered()
            .Select(defect => new Nearest(defect, Reproduced(defect)))
            .Where(one => one.Reproduced >= enough && !right.Any(sight => Shown(one.Defect, sight) is { IsClear: true }))
            .MaxBy(one => one.Reproduced);

        // Stops where the cases that are left can't make it enough.
        int Reproduced(Defect defect)
        {
            var count = 0;
            for (var i = 0; i < wrong.Length && count + wrong.Length - i >= enough; i++)
                if (Shown(defect, wrong[i]) is { } shown && Replay.Reproduces(shown, wrong[i]))
                    count++;
            return count;
        }

        Symptom? Shown(Defect defect, Sight sight) => bank.Shows(defect, sight.Report.Question)?.GetValueOrDefault(evidence.Tensor);

        static Sight[] Small(IReadOnlyList<Sight> sights) => [.. sights.Where(sight => sight.Report.Question.Hashes is null)];
    }
}
