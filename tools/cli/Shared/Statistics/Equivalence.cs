namespace Conformance.Cli.Shared.Statistics;

/// <summary>What paired differences show of two things.</summary>
internal enum Finding
{
    /// <summary>Neither.</summary>
    NotShown,

    /// <summary>Their mean lies within the margin.</summary>
    Equivalent,

    /// <summary>Their mean is not 0, and not shown to lie within the margin.</summary>
    Different,
}

/// <summary>
/// Are two things equal enough? Two one-sided t tests (Schuirmann 1987), which ask for proof that the mean of their paired differences lies within ±
/// a margin; and the two-sided t test of a mean of 0.
/// <para>
/// <see cref="Finding.Equivalent"/> at 5 %, and it goes first: a difference that is real and too small to matter is none.
/// <see cref="Finding.Different"/> at 1 %, so that of a hundred people who
/// compare two equal things one at most is alarmed for nothing. Under three pairs nothing is shown.
/// </para>
/// </summary>
/// <param name="EquivalentP">The larger p-value of the two one-sided tests.</param>
/// <param name="DifferentP">The p-value of the two-sided test.</param>
internal sealed record Equivalence(double EquivalentP, double DifferentP)
{
    public const double EquivalentBelow = 0.05, DifferentBelow = 0.01;

    public Finding Finding => EquivalentP < EquivalentBelow ? Finding.Equivalent : DifferentP < DifferentBelow ? Finding.Different : Finding.NotShown;

    /// <summary>Null under three pairs.</summary>
    /// <param name="margin">In the unit of the differences, above 0.</param>
    public static Equivalence? Test(IReadOnlyList<double> differences, double margin)
    {
        if (differences.Count < 3)
            return null;
        var (mean, degrees) = (Sample.MeanOfShares(differences), differences.Count - 1);
        var error = Sample.StandardDeviation(differences)!.Value / Math.Sqrt(differences.Count);
        return new(Upper(margin - Math.Abs(mean)), Math.Min(1, 2 * Upper(Math.Abs(mean))));

        // P(T > distance/error); differences that are all the same have no error, and lie where they lie.
        double Upper(double distance) => error == 0
            ? distance > 0 ? 0 : 1
            : distance < 0 ? 1 - StudentT.Upper(-distance / error, degrees) : StudentT.Upper(distance / error, degrees);
    }
}
