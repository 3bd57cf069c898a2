using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
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
        var gate = Decided(Run(now, "pass"), null, Run(before, "pass"));
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
        var run = Run(1, "pass", "fail");
        var mixed = new BehaviourDefect("conv2d.x", MistakeClass.ChannelIndex, "groups are mixed", "mend", (_, _) => true, right => right);
        var cause = new Cause([new("conv2d", EvidenceKind.Numbers, "outputs.output", [new(run[1], null)], [])], [mixed]);
        var report = new CheckReport("engine", Declaration.Nothing, "hash", run, [new(cause, null)], [], TimeSpan.Zero);
        var entries = GateText.Entries(Decided(run, null), report);
        Assert.Multiple(() =>
        {
            Assert.That(entries, Is.EqualTo("conv2d/a-g2 kernel=fast  groups are mixed\n"));
            Assert.That(Decided(run, Known(entries)).IsOpen);
        });
    }

    [Test]
    public Task WhatItSays()
    {
        var known = Known("linear/b  was renamed\nconv2d/a  strides") with { Path = "known.txt" };
        var gate = Decided(Run(300, "pass", "fail", "unsupported"), known, Run(100, "pass", "pass", "pass"));
        return Verify(GateText.Render(gate) + "\n" + GateText.Render(Decided(Run(1, "pass", "fail"), Known("conv2d/a-g2 groups"))));
    }

    private static Gate Gated(string now, string known, string? before = null) =>
        Decided(Run(1, now.Split(' ')), Known(known), before is null ? null : Run(1, before.Split(' ')));

    private static Gate Decided(IReadOnlyList<CaseReport> now, KnownFailures? known, IReadOnlyList<CaseReport>? before = null) => new GateTerms(known,
        before?.Select(one => new EarlierCase(
            one.Question.Case.Id, one.Kernel, one.Verdict.Text(), one.Verdict.IsGood(), one.Milliseconds)).ToArray(), Stored).Decide(now);

    private static KnownFailures Known(string text)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("known.txt"), text);
        return KnownFailures.Read(directory.File("known.txt"));
    }

    private static CaseReport[] Run(double milliseconds, params string[] verdicts) =>
        [.. verdicts.Select((verdict, i) => new CaseReport(
            Asked(Stored[i]), "engine", "fast", Enum.Parse<Verdict>(verdict, ignoreCase: true), [], null, milliseconds))];

    private static Question Asked(string id) => new(
        new(id, id.Split('/')[0], Attributes.None, Tier.Exact, new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>(), []),
        LayerResult.Empty, ErrorBound.Exact, "a test");
}
