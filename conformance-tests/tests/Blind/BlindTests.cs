using System.Text;
using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Blind;

/// <summary>
/// Wrong engines by authors who had seen neither the bank nor the cases of the suite. <c>truth.json</c> beside them says what is wrong with each
/// engine. Its field <c>trial</c> says how the diagnosis did in the trial; the snapshots say how it does today.
/// </summary>
[Parallelizable]
internal sealed class BlindTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "conformance-tests", "tests", "Blind");

    private readonly Dictionary<string, Cause[]> _causes = [];

    [TestCase("First", 36, Category = "Long")]
    [TestCase("Second", 34, Category = "Long")]
    public void EveryOneIsDetected(string set, int count)
    {
        var engines = Engines(set);
        Assert.Multiple(() =>
        {
            Assert.That(engines, Has.Length.EqualTo(count));
            foreach (var engine in engines)
                Assert.That(Causes(engine), Is.Not.Empty, engine.Name);
        });
    }

    [TestCase("First", Category = "Long")]
    [TestCase("Second", Category = "Long")]
    public void TheRightEngineThatTheyAreMadeFromPasses(string set)
    {
        Assert.Multiple(() =>
        {
            foreach (var question in AllOperations.Names.Where(op => op != "lenet").SelectMany(Wrong.Questions))
                Assert.That(Judge.Run(Create($"{set}.{set}Engine"), question).Verdict, Is.EqualTo(Verdict.Pass), question.Case.Id);
        });
    }

    /// <summary>The README's headline is what the trials' records add up to.</summary>
    [Test]
    public void TheReadmeSaysWhatTheTrialsGave()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var (first, second) = (Trials("First"), Trials("Second"));
        Assert.Multiple(() =>
        {
            Assert.That(
                readme,
                Does.Contain(
                    $"{second["named"]} of the {second.Values.Sum()} mistakes were named rightly, {second["class"]} more put in the right class"));
            Assert.That(second.Keys, Has.None.EqualTo("wrong"));
            Assert.That(readme, Does.Contain(
                $"with {first.Values.Sum()} mistakes: all detected, {first["named"]} named, "
                    + $"{first["class"]} in the right class, {first["wrong"]} named wrongly"));
        });

        static Dictionary<string, int> Trials(string set) =>
            Engines(set).SelectMany(engine => engine.Mistakes)
                .Where(mistake => mistake.Trial != "same code").CountBy(mistake => mistake.Trial).ToDictionary();
    }

    [Test, Category("Long")]
    public Task WhatIsSaidOfTheFirst() => Said("First");

    [Test, Category("Long")]
    public Task WhatIsSaidOfTheSecond() => Said("Second");

    private Task Said(string set)
    {
        var text = new StringBuilder();
        foreach (var engine in Engines(set))
        {
            text.Append($"{engine.Name}\n");
            foreach (var mistake in engine.Mistakes)
                text.Append($"  wrong: {mistake.Op}, {mistake.Where}: {mistake.What}\n");
            foreach (var cause in Causes(engine))
                text.Append(
                    $"  said:  {cause.Op}, {string.Join(", ", cause.Evidence.Select(evidence => evidence.About))}: {CauseText.Line(cause)}\n");
        }
        return Verify(text.ToString());
    }

    /// <summary>What is said of the operations that are wrong alone: the others are the right engine's. Two tests ask for it.</summary>
    private Cause[] Causes(Engine engine)
    {
        if (!_causes.TryGetValue(engine.Name, out var causes))
            _causes[engine.Name] = causes = [.. engine.Mistakes.SelectMany(mistake => mistake.Op.Split(", ")).Distinct().SelectMany(op =>
                Diagnosis.Diagnose(Wrong.Questions(op).Select(question => Judge.Run(Create(engine.Type), question)), Wrong.Bank))];
        return causes;
    }

    private static ISubject Create(string type) =>
        (ISubject)Activator.CreateInstance(typeof(BlindTests).Assembly.GetType($"{typeof(BlindTests).Namespace}.{type}")!)!;

    private static Engine[] Engines(string set) =>
        JsonSerializer.Deserialize<Engine[]>(File.ReadAllText(Path.Combine(Folder, set, "truth.json")), JsonSerializerOptions.Web)!;

    /// <param name="Name"><c>first-01</c>, in the class <c>First.First01</c>.</param>
    private sealed record Engine([property: System.Text.Json.Serialization.JsonPropertyName("engine")] string Name, IReadOnlyList<Mistake> Mistakes)
    {
        public string Type => $"{Set}.{Set}{Name[^2..]}";

        private string Set => char.ToUpperInvariant(Name[0]) + Name[1..^"-01".Length];
    }

    private sealed record Mistake(string Op, string Where, string What, string Trial);
}
