using System.Globalization;

namespace Conformance.Cli.Compare;

/// <summary>
/// The largest distance that float32 rounding explains in the first steps, and whether a side exceeds it.
/// <para>
/// Several float64 trainings move each number that float32 would round once by up to one rounding (u = 2⁻²⁴). The largest distance of one of
/// them from the plain training, as a root mean square over a tensor at a step, is the effect of single roundings. A sum of K terms, added one
/// after another, rounds each of its partial sums, by u of that sum's size (Higham 2002, section 4.2). Where the terms have random signs, the k-th
/// partial sum is √k times a term. So K roundings come to u·√(1 + 2 + … + K) = u·K/√2 terms. That is √(K/2) times the effect of one
/// rounding of each term, u·√K. It is more where the terms lean to one side, up to K/√3 times where all have one sign. A factor of two covers
/// that; it is chosen and not derived. So the limit is √(2K) times that distance. K is the longest sum of a step: 317 for batches of 64, whose
/// gradient of <c>conv1.weight</c> adds 64·28·28 products. The limit is never less than four roundings of the tensor's own size, since all nudged
/// trainings may be right by luck in a single number. None of it comes from the float32 of the reference.
/// </para>
/// <para>Where a ReLU or a pool's maximum is within rounding's reach of its kink a right engine may take the other way, which no such limit holds;
/// images that come so near are left out beforehand.</para>
/// </summary>
internal sealed class RoundingLimits(ReferenceSteps reference)
{
    private const double U = 1.0 / (1 << 24);
    private const double LeastRoundings = 4;

    private readonly double _times = Math.Sqrt(2.0 * reference.LongestSum);

    /// <exception cref="ArgumentException">It has other parameters than the reference, or of other sizes.</exception>
    public StepsJudged Judge(Trajectory actual)
    {
        var (worst, differs) = (0.0, (string?)null);
        foreach (var (name, what, of) in Places())
        {
            var exact = of(reference.Exact);
            var (error, size) = (Rms(name, of(actual), exact), Rms(name, exact, null));
            var limit = Math.Max(_times * reference.Nudged.Max(nudged => Rms(name, of(nudged), exact)), LeastRoundings * U * size);
            worst = Math.Max(worst, error == 0 ? 0 : error / limit); // Math.Max keeps a NaN
            if (!(error <= limit))
                differs ??= string.Create(
                    CultureInfo.InvariantCulture, $"{name}: {what} off by {error / size:0e-0} of its size, {limit / size:0e-0} allowed");
        }
        return new(worst, differs);
    }

    /// <summary>
    /// What is compared, in the order in which a mistake shows: the first loss, its gradients as they come into being, from the last layer to the
    /// first, then step by step.
    /// </summary>
    private IEnumerable<(string Name, string What, Func<Trajectory, double[]> Of)> Places()
    {
        var parameters = reference.Exact.Gradients.Keys.ToArray();
        for (var step = 0; step < reference.Batches.Count; step++)
        {
            var at = step;
            yield return ("loss", $"at step {step + 1}", trajectory => [trajectory.Losses[at]]);
            if (step == 0)
                foreach (var name in parameters.Reverse())
                    yield return (name, "gradient of step 1", trajectory => TensorNamed(trajectory.Gradients, name));
            foreach (var name in parameters)
                yield return (name, $"after step {step + 1}", trajectory => TensorNamed(trajectory.Weights[at], name));
        }
    }

    private static double[] TensorNamed(IReadOnlyDictionary<string, double[]> tensors, string name) => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ArgumentException($"parameters differ: expected {name}; there are {string.Join(", ", tensors.Keys)}");

    /// <summary>The root mean square of the tensor, or of its difference from another.</summary>
    private static double Rms(string name, double[] tensor, double[]? other)
    {
        if (other is not null && tensor.Length != other.Length)
            throw new ArgumentException($"{name}: expected {other.Length} elements, got {tensor.Length}");
        var sum = 0.0;
        for (var i = 0; i < tensor.Length; i++)
        {
            var difference = tensor[i] - (other?[i] ?? 0);
            sum += difference * difference;
        }
        return Math.Sqrt(sum / tensor.Length);
    }
}

/// <summary>One side's first steps.</summary>
/// <param name="WorstOfLimit">The largest error in units of its limit; above 1, or NaN, the side is wrong.</param>
/// <param name="DiffersAt">The first tensor beyond its limit, and by how much; null where all are within.</param>
internal sealed record StepsJudged(double WorstOfLimit, string? DiffersAt);
