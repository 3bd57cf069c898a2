using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Reporting.Files;
using Conformance.Tests.Cli.Shared;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Suite.Gating;

/// <summary>The gate on runs of a few cases.</summary>
internal sealed class GateTests
{
    private static readonly string[] Stored = ["conv2d/a", "conv2d/a-g2", "conv2d/b-g2", "linear/a"];

    [TestCase("pass pass", "", true)]
    [TestCase("pass unsupported", "", true)]
    [TestCase("pass dialect", "", true)]
    [TestCase("pass fail", "", false)]
    [TestCase("pass error", "", false)]
    [TestCase("pass vacuous", "", false)]
    [TestCase("pass fail", "conv2d/a-g2 groups", true)]
    [TestCase("pass fail", "conv2d/*-g2 groups", true)]
    [TestCase("fail fail", "conv2d/*-g2 groups", false)]
    [TestCase("pass fail", "conv2d/A-G2 groups", false)]
    [TestCase("unsupported unsupported", "", false)]
    public void WhatMayFailIsWhatIsListed(string verdicts, string known, bool open) => Assert.That(Gated(verdicts, known).IsOpen, Is.EqualTo(open));

    [TestCase("pass pass", "conv2d/a-g2 groups", "it passes now")]
    [TestCase("pass pass", "conv2d/a* groups", "all 2 cases pass now")]
    [TestCase("pass unsupported", "conv2d/a-g2 groups", "it is unsupported now")]
    [TestCase("pass pass", "conv2d/c groups", "no such case")]
    [TestCase("pass fail", "conv2d/a-g2 kernel=slow groups", "no such case was judged with kernel slow")]
    public void AnEntryThatIsNoLongerTrueClosesIt(string verdicts, string known, string why)
    {
        var gate = Gated(verdicts, known);
        Assert.Multiple(() =>
        {
            Assert.That(gate.IsOpen, Is.False);
            Assert.That(gate.Stale.Single().Why, Is.EqualTo(why));
        });
    }

    [Test]
    public void AnEntryForACaseThatWasLeftOutOfThisRunIsNotStale() => Assert.That(Gated("pass pass", "linear/a not yet").IsOpen);

    [Test]
    public void APatternHoldsWhileOneOfItsCasesFails() => Assert.That(Gated("pass fail", "conv2d/a* groups").IsOpen);

    [TestCase("pass unsupported", "pass pass", "conv2d/a-g2 unsupported")]
    [TestCase("pass", "pass pass", "conv2d/a-g2 not asked")]
    [TestCase("pass", "pass dialect", "conv2d/a-g2 not asked")]
    [TestCase("pass", "pass fail", "")]
    [TestCase("pass unsupported", "pass unsupported", "")]
    public void WhatPassedMustStillBeJudged(string now, string before, string lost)
    {
        var gate = Gated(now, "", before);
        Assert.Multiple(() =>
        {
            Assert.That(string.Join(", ", gate.Lost.Select(one => $"{one.Id} {one.Verdict}")), Is.EqualTo(lost));
            Assert.That(gate.IsOpen, Is.EqualTo(lost.Length == 0));
        });
    }

    [Test]
    public void AnEarlierRunIsCompared()
    {
        var gate = Gated("fail pass", "", "pass fail");
        Assert.Multiple(() =>
        {
            Assert.That(gate.NewlyFailing.Select(one => one.Id), Is.EqualTo(new[] { "conv2d/a" }));
            Assert.That(gate.NewlyPassing.Select(one => one.Id), Is.EqualTo(new[] { "conv2d/a-g2" }));
        });
    }

    [TestCase(200, 350, true)]
    [TestCase(200, 290, false)]
    [TestCase(10, 100, false)]
    public void SlowerIsTold(double before, double now, bool told)
    {
        var gate = Gate.Of(Run(now, "pass"), null, Run(before, "pass"), Stored);
        Assert.Multiple(() =>
        {
            Assert.That(gate.Slower, Has.Count.EqualTo(told ? 1 : 0));
            Assert.That(gate.IsOpen, "times differ from run to run");
        });
    }

    [TestCase("conv2d/a")]
    [TestCase("conv2d/a kernel=fast")]
    [TestCase("conv2d/a kernel= reason")]
    [TestCase("groups are not done")]
    public void AnEntryWithoutCaseOrReasonIsRefused(string line)
    {
        var problem = Assert.Throws<FixtureException>(() => Known("# mine\n\n" + line));
        Assert.That(problem?.Message, Does.Contain(": line 3: expected a case id (* for any text) and why it fails"));
    }

    [Test]
    public void TheFailuresAreWrittenAsEntriesThatOpenIt()
    {
        var run = Run(1, "pass", "fail") with { Diagnoses = [new("conv2d.x", "groups are mixed", ["conv2d/a-g2"])] };
        var entries = GateText.Entries(Gate.Of(run, null, null, Stored), run);
        Assert.Multiple(() =>
        {
            Assert.That(entries, Is.EqualTo("conv2d/a-g2 kernel=fast  groups are mixed\n"));
            Assert.That(Gate.Of(run, Known(entries), null, Stored).IsOpen);
        });
    }

    [Test]
    public Task WhatItSays()
    {
        var known = Known("linear/b  was renamed\nconv2d/a  strides") with { Path = "known.txt" };
        var gate = Gate.Of(Run(300, "pass", "fail", "unsupported"), known, Run(100, "pass", "pass", "pass"), Stored);
        return Verify(GateText.Of(gate) + "\n" + GateText.Of(Gate.Of(Run(1, "pass", "fail"), Known("conv2d/a-g2 groups"), null, Stored)));
    }

    private static Gate Gated(string now, string known, string? before = null) =>
        Gate.Of(Run(1, now.Split(' ')), Known(known), before is null ? null : Run(1, before.Split(' ')), Stored);

    private static KnownFailures Known(string text)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("known.txt"), text);
        return KnownFailures.Read(directory.File("known.txt"));
    }

    private static Results Run(double milliseconds, params string[] verdicts) => new(
        1, "hash", "engine", "torch", new Dictionary<string, string>(), new Dictionary<string, int>(), [],
        [.. verdicts.Select((verdict, i) => new Results.Judged(Stored[i], "fast", verdict, [], milliseconds, null, null))]);
}
