namespace Conformance.Cli.Compare;

/// <summary>
/// The engines compared where they can differ: the first steps of seed 1, the gradients of the first among them, each side's float32 against float64.
/// </summary>
/// <param name="Steps">How many; 0 where all images lie at kinks, and nothing could be compared.</param>
/// <param name="Images">In all steps.</param>
/// <param name="LeftOut">Images of those batches that come too near to a kink.</param>
/// <param name="FirstStepMaxError">Between the two sides' float32, decides nothing: max |Δgradient| / max |gradient of the baseline| of the first
/// step, the worst tensor; null where there is none.</param>
internal sealed record FirstSteps(int Steps, int Images, int LeftOut, double? FirstStepMaxError, StepsJudged Scratch, StepsJudged Baseline)
{
    private const int MostSteps = 50;
    private const int MostImages = 50 * 64;

    /// <summary>Whether there is nothing to say against the engine. Of nothing compared there is not.</summary>
    public bool IsGood => Scratch.DiffersAt is null;

    /// <summary>The batches of the first steps, no more than the time is worth: 50 steps, 3,200 images.</summary>
    public static int[][] Batches(IEnumerable<int[]> training)
    {
        var left = MostImages;
        return [.. training.Take(MostSteps).Select(batch => Taken(batch)).TakeWhile(batch => batch.Length > 0)];

        int[] Taken(int[] batch)
        {
            var taken = batch[..Math.Min(batch.Length, left)];
            left -= taken.Length;
            return taken;
        }
    }

    public static FirstSteps Compare(ReferenceSteps reference, int[][] asked, Trajectory scratch, Trajectory baseline)
    {
        var (limits, images) = (new RoundingLimits(reference), reference.Batches.Sum(batch => batch.Length));
        return new(
            reference.Batches.Count, images, asked.Sum(batch => batch.Length) - images,
            MaxError(scratch.Gradients, baseline.Gradients), limits.Judge(scratch), limits.Judge(baseline));
    }

    private static double? MaxError(IReadOnlyDictionary<string, double[]> scratch, IReadOnlyDictionary<string, double[]> baseline) =>
        // which keeps a NaN, as Max() does not
        baseline.Count == 0 ? null : baseline.Select(tensor => MaxError(scratch[tensor.Key], tensor.Value)).Aggregate(0.0, Math.Max);

    private static double MaxError(double[] actual, double[] expected)
    {
        var error = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Aggregate(0.0, Math.Max);
        return error == 0 ? 0 : error / expected.Max(Math.Abs);
    }
}
