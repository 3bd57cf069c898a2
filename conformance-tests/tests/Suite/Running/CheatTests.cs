using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Running;

/// <summary>No engine passes without computing: a check sees it, or says that <c>--strict</c> does.</summary>
[Parallelizable]
internal sealed class CheatTests
{
    private const ulong Seed = 4711;
    private const int Large = 1500;

    public static IReadOnlyList<string> Operations { get; } = ["linear", "relu"];

    [Test]
    public void AnOrdinaryCheckSeesThem() =>
        Bulk.Check(Cheats.Seen, cheat => cheat.Name, cheat => Passes(cheat.Make(), seed: null) ? "passes" : null);

    /// <summary>What the ordinary check can't see, it says. If this fails, it has become better: move the engine to the others.</summary>
    [Test]
    public void AStrictCheckSeesTheOthers() => Bulk.Check(Cheats.SeenByStrict, cheat => cheat.Name, cheat =>
        !Passes(cheat.Make(), seed: null) ? "fails the ordinary check" : Passes(cheat.Make(), Seed) ? "passes the strict one" : null);

    [Test, Category("Long")]
    public void AStrictCheckSeesAllOfThem() => Bulk.Check(Cheats.Seen, cheat => cheat.Name, cheat => Passes(cheat.Make(), Seed) ? "passes" : null);

    [TestCase(null), TestCase(Seed), TestCase(Seed + 1)]
    public void ARightEnginePasses(ulong? seed) => Assert.That(
        Judged(new OracleSubject(Summation.Pairwise), seed).Where(report => report.Verdict != Verdict.Pass).Select(report => report.Question.Case.Id),
        Is.Empty);

    /// <summary>What a check finds: with a seed one that draws all numbers anew, asks some more sizes, and shuffles.</summary>
    public static IReadOnlyList<CaseReport> Judged(ISubject engine, ulong? seed)
    {
        var source = new QuestionSource(Repository.Fixtures, seed);
        string[] ids = [.. Stored.Select(question => question.Case.Id),
            .. seed is { } fresh ? QuestionSource.RandomIds(Operations, fresh, 2) : []];
        var run = new EngineRun([engine], [.. ids.Select(id => new RunQuestion(id, () => source.Read(id)))], () => TimeSpan.Zero)
        {
            Order = seed is { } of ? [.. Enumerable.Range(0, ids.Length).OrderBy(place => new Fill(of, ids[place], "turn").Next())] : null,
        };
        run.JudgeAll(1, _ => { }, CancellationToken.None);
        return run.Judged;
    }

    /// <summary>What is stored of them, but for large cases, which take long and show the same.</summary>
    public static Question[] Stored { get; } =
        [.. Operations.SelectMany(Diagnosing.Wrong.Questions).Where(question => question.Case.Inputs.Values.Sum(input => input.Length) < Large)];

    private static bool Passes(ISubject engine, ulong? seed) => Judged(engine, seed) is var reports
        && reports.All(report => report.Verdict == Verdict.Pass);
}
