using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>Every size near a block's meets every option in some stored case.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class SizeCoverageTests
{
    private static IEnumerable<string> Crossed => AllOperations.Names.Where(name => AllOperations.Named(name).Sizes is not null);

    private static readonly Lazy<SizeCoverage[]> All = new(() => [.. Crossed.Select(op => Of(op)!)]);

    [TestCaseSource(nameof(Crossed))]
    public void EveryPairStandsInACase(string op)
    {
        var coverage = All.Value.Single(coverage => coverage.Op == op);
        Assert.That(coverage.Missing, Is.Empty, $"add to fixtures/{op}.cases.json: {string.Join(", ", coverage.Proposed().Select(one => one.Id))}");
    }

    [Test]
    public void TheReadmeSaysHowMany() => Assert.That(
        File.ReadAllText(Path.Combine(Repository.Root, "conformance-tests", "README.md")), Does.Contain(SizeCoverage.Text(All.Value)));

    [Test]
    public void WithoutTheCasesPairsAreMissingAndTheProposedCasesHaveThem()
    {
        var none = SizeCoverage.Of("linear", [])!;
        var proposed = none.Proposed();
        Assert.Multiple(() =>
        {
            Assert.That(none.Missing, Has.Count.EqualTo(none.Feasible.Count));
            Assert.That(SizeCoverage.Of("linear", proposed.Select(one => AllOperations.Draw(one.Id)))!.Missing, Is.Empty);
            Assert.That(proposed, Has.Count.LessThan(none.Feasible.Count / 4));
        });
    }

    /// <summary>A geometry is spelled with the levels that it is said to have.</summary>
    [TestCaseSource(nameof(Crossed))]
    public void AGeometryHasTheLevelsItWasSpelledWith(string op)
    {
        var sizes = AllOperations.Named(op).Sizes!;
        Assert.That(sizes.Feasible().Where(pair => !sizes.Of(AllOperations.Draw($"{op}/{pair.Value}")).Contains(pair.Key))
            .Select(pair => $"{pair.Value}: {sizes.Words(pair.Key)}"), Is.Empty);
    }

    private static SizeCoverage? Of(string op) => SizeCoverage.Of(op, Repository.Vectors[op].Select(vector => vector.Case));
}
