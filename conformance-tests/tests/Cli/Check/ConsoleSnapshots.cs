using System.Text.RegularExpressions;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Cli.Check;

/// <summary>What a person reads on the console: the list of what is stored, and the summary of a check.</summary>
internal sealed partial class ConsoleSnapshots
{
    [Test]
    public Task TheListOfWhatIsStored() => Verify(Printed("fixtures", "list", "--op", "linear"));

    [Test]
    public Task TheSummaryOfACheck()
    {
        using var output = new TemporaryDirectory();
        return Verify(Changing().Replace(
            Printed("check", "--op", "cross_entropy", "--out", output.Path).Replace(output.Path, "DIR", StringComparison.Ordinal), "in N s"));
    }

    private static string Printed(params string[] args)
    {
        var (exit, output, error) = Programs.Conformance(args);
        Assert.That(exit, Is.Zero, error);
        return output;
    }

    [GeneratedRegex(@"in [0-9.]+ s")]
    private static partial Regex Changing();
}
