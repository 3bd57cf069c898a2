using System.Text.RegularExpressions;
using Conformance.Cli;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Cli;

/// <summary>What a person reads on the console: the list of what is stored, and the summary of a check.</summary>
internal sealed partial class ConsoleSnapshots
{
    [Test]
    public Task TheListOfWhatIsStored() => Verify(Printed("fixtures", "list", "--op", "linear"));

    [Test]
    public Task TheSummaryOfACheck()
    {
        var output = Directory.CreateTempSubdirectory("conformance-snapshot").FullName;
        return Verify(Changing().Replace(Printed("check", "--op", "cross_entropy", "--out", output).Replace(output, "DIR", StringComparison.Ordinal), "in N s"));
    }

    private static string Printed(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = CommandLine.Run(args, new(output, error, Interactive: false, Color: false), (_, _, _) => throw new InvalidOperationException(), CancellationToken.None);
        Assert.That(exit, Is.Zero, error.ToString);
        return output.ToString();
    }

    [GeneratedRegex(@"in [0-9.]+ s")]
    private static partial Regex Changing();
}
