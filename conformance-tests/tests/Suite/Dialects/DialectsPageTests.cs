using Conformance.Suite.Dialects;
using Conformance.Suite.Reporting.Text;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary><c>conformance-tests/DIALECTS.md</c> has every convention, as the suite knows it, and no other.</summary>
public sealed class DialectsPageTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "conformance-tests", "DIALECTS.md");

    [Test]
    public void ThePageHasEveryConvention()
    {
        var rows = File.ReadAllLines(Page).Where(line => line.StartsWith("| `\"", StringComparison.Ordinal));

        Assert.That(rows, Is.EqualTo(Conventions.All.Select(one => $"| `{one.Declared}` | {one.Sentence} | {one.MeantBy} |")));
    }

    [Test]
    public void ItsSampleIsWhatIsSaid()
    {
        var said = CauseText.Render(Wrong.Causes(Wrong.With("max_pool2d.ties-split"), "max_pool2d").Single())
            .Split('\n')
            .Where(line => line.StartsWith("max_pool2d", StringComparison.Ordinal) || line.Contains("most likely") || line.Contains("declare"));

        Assert.That(File.ReadAllLines(Page), Is.SupersetOf(said.ToArray()));
    }
}
