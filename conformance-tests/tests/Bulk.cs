namespace Conformance.Tests;

/// <summary>Many small checks in one test: NUnit and its adapter spend more on a test than most of these checks take.</summary>
internal static class Bulk
{
    private const int Shown = 10;

    /// <summary>Checks every case and fails with the name of each one that is wrong; the first of them with what is wrong.</summary>
    /// <param name="problem">What is wrong with a case, or null. An exception counts as a problem.</param>
    public static void Check<T>(IEnumerable<T> cases, Func<T, string> name, Func<T, string?> problem)
    {
        var (count, failures) = (0, new List<(string Name, string Problem)>());
        foreach (var one in cases)
        {
            count++;
            if (ProblemOf(one, problem) is { } text)
                failures.Add((name(one), text));
        }
        Assert.That(count, Is.Positive, "there is no case to check");
        if (failures.Count == 0)
            return;
        var message = $"{failures.Count} of {count} cases are wrong:\n"
            + string.Join('\n', failures.Take(Shown).Select(failure => $"{failure.Name}: {failure.Problem}"));
        if (failures.Count > Shown)
            message += "\nand " + string.Join(", ", failures.Skip(Shown).Select(failure => failure.Name));
        Assert.Fail(message);
    }

    private static string? ProblemOf<T>(T one, Func<T, string?> problem)
    {
        try
        {
            return problem(one);
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }
}
