using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>The bank of known mistakes: complete, readable, and without two names for one mistake.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class BankTests
{
    /// <summary>What an answer can't show: the engine's types and threads, or that it does not start. Other tests make such engines.</summary>
    private static readonly MistakeClass[] Behaviour =
        [MistakeClass.IntegerType, MistakeClass.DoesNotRun, MistakeClass.ArgumentChanged, MistakeClass.Race];

    private static Defect[] Bank { get; } = [.. AllOperations.Names.SelectMany(name => AllOperations.Named(name).Defects)];

    private static IEnumerable<TestCaseData> Operations() =>
        AllOperations.Names.Where(name => AllOperations.Named(name).Defects.Count > 0)
            .Select(name => new TestCaseData(name).SetArgDisplayNames(name));

    [Test]
    public void ThereAreManyEachWithItsOwnId()
    {
        Assert.That(Bank, Has.Length.GreaterThanOrEqualTo(200));
        Assert.That(Bank.Select(defect => defect.Id), Is.Unique);
    }

    [Test]
    public void AnIdStartsWithItsOperation()
    {
        foreach (var name in AllOperations.Names)
            Assert.That(AllOperations.Named(name).Defects.Select(defect => defect.Op), Is.All.EqualTo(name));
    }

    [Test]
    public void MistakeAndMendAreASentenceEach()
    {
        Assert.That(Bank.SelectMany(defect => new[] { defect.Mistake, defect.Mend }).Where(text => !IsSentence(text)), Is.Empty);
    }

    [Test]
    public void EachHasAClassAndWasSeenSomewhere()
    {
        Assert.That(
            Bank.Where(defect => !Enum.IsDefined(defect.Class) || defect.Class.Title().Length == 0 || defect.Seen.ToString().Length == 0),
            Is.Empty);
        Assert.That(Bank.Where(defect => (defect is AcceptDefect) != (defect.Class == MistakeClass.Unchecked)), Is.Empty);
    }

    [Test]
    public void AWrittenIndexHasTheOneThatWasMeant()
    {
        Assert.That(
            Bank.Where(defect => (defect.Wrote is null) != (defect.Meant is null) || (defect.Wrote is not null && defect.Wrote == defect.Meant)),
            Is.Empty);
        Assert.That(Bank.Count(defect => defect.Wrote is not null), Is.GreaterThan(50));
    }

    [Test]
    public void EveryClassOfWrongNumbersIsThere()
    {
        Assert.That(Bank.Select(defect => defect.Class).Distinct().Order(), Is.EqualTo(Enum.GetValues<MistakeClass>().Except(Behaviour)));
    }

    [Test]
    public void TheClassesAreTheRowsOfTheSurvey()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "reference", "oracle", "real-defects.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && int.TryParse(cells[1], out _))
            .ToArray();
        Assert.That(
            rows.Select(cells => cells[2]),
            Is.EqualTo(Enum.GetValues<MistakeClass>().Where(mistakes => mistakes.Number() is not null).Select(mistakes => mistakes.ToString())));
        foreach (var cells in rows)
        {
            var mistakes = Enum.Parse<MistakeClass>(cells[2]);
            Assert.That(mistakes.Number().ToString(), Is.EqualTo(cells[1]));
            Assert.That(
                Seen.InEngines(mistakes).ToString(),
                Does.StartWith($"its class in {cells[3].Split(' ')[0]} of ").And.EndsWith($"(real defects {cells[1]})"));
        }
    }

    [Test]
    public void AClassBesideTheSurveyWasSeenInNoEngine()
    {
        Assert.That(Seen.InClass(MistakeClass.Layout), Is.EqualTo(Seen.Textbook));
        Assert.That(() => Seen.InEngines(MistakeClass.Layout), Throws.ArgumentException);
    }

    /// <summary>Each stored case parts the defects that it tells from each other; what is left together at the end has two names.</summary>
    [TestCaseSource(nameof(Operations))]
    public void NoTwoAnswerAlike(string name)
    {
        List<Defect[]> groups = [[.. AllOperations.Named(name).Defects]];
        foreach (var drawn in SmallestFirst(name).TakeWhile(_ => groups.Count > 0))
        {
            var question = Question.AnsweredByTheOracle(drawn);
            groups = [.. groups.SelectMany(group => Parted(question, group)).Where(group => group.Length > 1)];
        }
        Assert.That(groups.Select(group => string.Join(" = ", group.Select(defect => defect.Id))), Is.Empty);
    }

    /// <summary>What is refused tells the missing checks from each other; a large case is seldom needed.</summary>
    private static IEnumerable<LayerCase> SmallestFirst(string name) =>
        Repository.Cases.Where(entry => entry.Id.StartsWith($"{name}/", StringComparison.Ordinal)).Select(entry => entry.Draw())
            .OrderBy(drawn => drawn.Refused is null).ThenBy(drawn => drawn.Inputs.Values.Sum(tensor => tensor.Length));

    private static bool IsSentence(string text) =>
        text.Length is > 5 and < 200 && !text.EndsWith('.') && !text.Contains(". ", StringComparison.Ordinal)
            && !text.Contains('\n', StringComparison.Ordinal) && text == text.Trim();

    /// <summary>The defects whose answers to a case are nearer to each other than a claimed defect's may be to the right one.</summary>
    private static IEnumerable<Defect[]> Parted(Question question, Defect[] defects)
    {
        var groups = new List<(LayerResult? Answer, List<Defect> Defects)>();
        foreach (var defect in defects)
        {
            var answer = Answer(question, defect);
            var group = groups.Find(group => Same(question, group.Answer, answer));
            if (group.Defects is null)
                groups.Add((answer, [defect]));
            else
                group.Defects.Add(defect);
        }
        return groups.Select(group => group.Defects.ToArray());
    }

    /// <summary>Null where the engine refuses.</summary>
    private static LayerResult? Answer(Question question, Defect defect) => (question.Case.Refused, defect) switch
    {
        (null, AcceptDefect) => question.Expected,
        (null, _) => AllOperations.Named(defect.Op).Evaluate(question.Case, defect),
        (_, AcceptDefect accept) when accept.Accepts(question.Case) => LayerResult.Empty,
        _ => null,
    };

    private static bool Same(Question question, LayerResult? one, LayerResult? other) =>
        one is null || other is null
            ? one == other
            : Separation.Measure(question.Case, one, other, question.Bound) < Separation.Least(question.Case.Tier);
}
