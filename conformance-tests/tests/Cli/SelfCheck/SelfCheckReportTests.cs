using System.Xml;
using System.Xml.Linq;
using Conformance.Cli.SelfCheck;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.SelfChecking;

namespace Conformance.Tests.Cli.SelfCheck;

/// <summary>The kill matrix as a page and as tables: well-formed, escaped, and of the same rows and cells as the check itself.</summary>
internal sealed class SelfCheckReportTests
{
    private const string Nasty = "reads <script>alert(1)</script> | & \"quotes\" 'too' ]]> a*b*c `code` [link] \\";

    private static readonly Question[] Questions =
        [.. new[] { "relu/n1c3", "relu/n2c3h5w4", "conv2d/n1c1h3w4-o1-k2", "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0" }.Select(
            id => Question.AnsweredByTheOracle(AllOperations.Draw(id)))];

    private static readonly KillMatrix Check = new(
        [
            .. Rows("relu", "relu.mask-missing"),
            .. Rows("conv2d", "conv2d.kernel-rotated", "conv2d.stride-ignored", "conv2d.kernel-too-large-accepted")],
        Questions.Length,
        []);

    [Test]
    public void ThePageHasARowForEachMistakeAndACellForEachCaseOfItsOperation()
    {
        var rows = RowsOf(Page(Check));
        Assert.That(rows.Select(row => (string?)row.Attribute("id")), Is.EqualTo(Check.Rows.Select(row => row.Defect.Id)));
        foreach (var (element, row) in rows.Zip(Check.Rows))
        {
            var cells = element.Descendants("svg").Single().Attribute("data-cells")!.Value;
            var ids = Questions.Select(question => question.Case.Id)
                .Where(id => id.StartsWith(row.Defect.Op + "/", StringComparison.Ordinal))
                .ToArray();
            Assert.That(ids.Where((_, i) => cells[i] != KillHeat.Alive), Is.EqualTo(row.Killed.Select(report => report.Question.Case.Id)));
            Assert.That(cells, Has.Length.EqualTo(ids.Length));
        }
    }

    [Test]
    public void TheCasesAreNamedInTheOrderOfTheCells() =>
        Assert.That(
            Page(Check).Descendants("ol").SelectMany(list => list.Elements("li")).Select(item => item.Value),
            Is.EqualTo(Questions.Select(question => question.Case.Id)));

    [Test]
    public void AnOpenRowTellsAllThatIsKnownOfTheMistake()
    {
        foreach (var (element, row) in RowsOf(Page(Check)).Zip(Check.Rows))
        {
            foreach (var text in new[]
            {
                row.Defect.Mistake, row.Defect.Mend, row.Defect.Seen.ToString(), KillWords.Text(row.Defect.Class), KillWords.Names(row)
            })
                Assert.That(element.Descendants("dd").Select(definition => definition.Value), Has.Member(text));
            Assert.That(element.Descendants("pre").Single().Value, Is.EqualTo(KillWords.Report(row)));
        }
    }

    [TestCase("xx.nn", ExpectedResult = "k-alive: M2 .5h1; k-x: M0 .5h2; k-n: M3 .5h2")]
    [TestCase("wabc", ExpectedResult = "k-w: M0 .5h1; k-a: M1 .5h1; k-b: M2 .5h1; k-c: M3 .5h1")]
    [TestCase(".x.x", ExpectedResult = "k-alive: M0 .5h1M2 .5h1; k-x: M1 .5h1M3 .5h1")]
    public string NeighboursOfOneStrengthAreOneStroke(string letters) =>
        string.Join(
            "; ",
            XElement.Parse(KillHeat.Strip(letters).ToString())
                .Elements("path")
                .Select(path => $"{path.Attribute("class")!.Value}: {path.Attribute("d")!.Value}"));

    [TestCase(Tier.Exact, 0.5, ExpectedResult = "w")]
    [TestCase(Tier.Exact, 1, ExpectedResult = "x")]
    [TestCase(Tier.Bounded, 9.9, ExpectedResult = "w")]
    [TestCase(Tier.Bounded, 10, ExpectedResult = "a")]
    [TestCase(Tier.Bounded, 1e3, ExpectedResult = "b")]
    [TestCase(Tier.Bounded, 1e5, ExpectedResult = "c")]
    [TestCase(Tier.Bounded, double.NaN, ExpectedResult = "n")]
    public string ACellIsAsStrongAsTheErrorIsLarge(Tier tier, double error)
    {
        var question = Questions[0] with { Case = Questions[0].Case with { Tier = tier } };
        var wrong = new TensorComparison("outputs.output", "(1)", 1, 1, error, 1, [new([0], 0, error, 1)], null) { Worst = error };
        var row = new KillRow(Check.Rows[0].Defect, [new(question, "an engine", null, Verdict.Fail, [wrong], null, 0)], []);
        return KillHeat.Letters(row, [question.Case.Id]);
    }

    [Test]
    public void WhatIsNotNamedIsSaidToBeSo()
    {
        var (relu, rotated) = (Check.Rows[0], Check.Rows[1]);
        var cause = rotated.Causes[0];
        KillRow[] rows =
        [
            rotated,
            rotated with { Causes = [cause with { Explanations = [rotated.Defect, relu.Defect] }] },
            rotated with { Causes = [cause with { Explanations = [relu.Defect] }] },
            rotated with { Causes = [cause, cause] },
            rotated with { Causes = [cause with { Explanations = [] }] },
            rotated with { Killed = [], Causes = [] },
        ];
        Assert.That(
            rows.Select(KillWords.NamingOf),
            Is.EqualTo(new[] { Naming.Named, Naming.Ambiguous, Naming.Misnamed, Naming.NotNamed, Naming.NotNamed, Naming.NotNamed }));
        Assert.That(rows.Select(KillWords.Names), Is.EqualTo(new[]
        {
            "conv2d.kernel-rotated", "conv2d.kernel-rotated or relu.mask-missing", "relu.mask-missing",
            "conv2d.kernel-rotated; conv2d.kernel-rotated", "no explanation", "nothing fails",
        }));
        Assert.That(KillWords.Margin(rows[^1]), Is.EqualTo("–"));
    }

    [Test]
    public void WhatIsMissedIsSaidFirst()
    {
        Assert.That(
            Page(Check).Descendants("div").First(div => (string?)div.Attribute("class") == "verdict").Value,
            Does.Contain("Every goal is met"));
        var bad = Page(Check, Nasty).Descendants("div").First(div => (string?)div.Attribute("class") == "verdict bad");
        Assert.That(bad.Descendants("li").Single().Value, Is.EqualTo(Nasty));
    }

    [TestCase(5, 0)]
    [TestCase(6, 1)]
    public void OfManyMissedGoalsTheFirstStandAtTheTop(int missed, int folded)
    {
        string[] lines = [.. Enumerable.Range(1, missed).Select(i => $"goal {i}")];
        var verdict = Page(Check, lines).Descendants("div").First(div => (string?)div.Attribute("class") == "verdict bad");
        Assert.That(verdict.Descendants("li").Select(item => item.Value), Is.EqualTo(lines));
        Assert.That(verdict.Descendants("details").Descendants("li").Count(), Is.EqualTo(folded));
    }

    [Test]
    public void NothingComesFromTheNetwork()
    {
        var html = Html(Check).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal); // a name, which nobody asks for
        Assert.That(
            html,
            Does.Not.Contain("http://").And.Not.Contain("https://").And.Not.Contain("url(").And.Not.Contain("@import").And.Not.Contain("fetch(")
                .And.Contain("default-src 'none'"));
        Assert.That(
            Page(Check).Descendants().Attributes().Select(attribute => attribute.Name.LocalName),
            Has.None.EqualTo("src").And.None.EqualTo("href"));
    }

    [Test]
    public void WhatIsWrittenOfAMistakeIsEscaped()
    {
        var check = Check with { Rows = [Check.Rows[0] with { Defect = Check.Rows[0].Defect with { Mistake = Nasty } }] };
        Assert.That(Page(check).Descendants("dd").Select(element => element.Value), Has.Member(Nasty));
        Assert.That(Html(check), Does.Not.Contain("<script>alert"));
        Assert.That(
            SelfCheckMarkdown.Render(check, Questions),
            Does.Contain(@"reads \<script>alert(1)\</script> \| & ""quotes"" 'too' \]\]> a\*b\*c \`code\` \[link\] \\"));
    }

    [Test]
    public void EveryLineOfATableHasTheColumnsOfItsHead()
    {
        var check = Check with { Rows = [.. Check.Rows, Check.Rows[0] with { Defect = Check.Rows[0].Defect with { Mistake = Nasty } }] };
        var columns = 0;
        var rows = new List<string>();
        foreach (var line in SelfCheckMarkdown.Render(check, Questions).Split('\n'))
        {
            var bars = line.Replace(@"\\", "", StringComparison.Ordinal).Replace(@"\|", "", StringComparison.Ordinal).Count(letter => letter == '|');
            if (bars > 0 && columns > 0)
                Assert.That(bars, Is.EqualTo(columns), line);
            if (bars > 0)
                rows.Add(line);
            columns = bars;
        }
        Assert.That(
            rows.Count(line => line.StartsWith("| `", StringComparison.Ordinal)),
            Is.EqualTo(check.Rows.Count + 2),
            "one for each mistake, and one for each operation");
        foreach (var row in Check.Rows)
            Assert.That(rows, Has.Some.StartsWith($"| `{row.Defect.Id.Split('.')[1]}` | {KillWords.Text(row.Defect.Class)} |"));
    }

    private static IEnumerable<KillRow> Rows(string op, params string[] ids)
    {
        Question[] questions = [.. Questions.Where(question => question.Case.Op == op)];
        return ids.Select(id => KillMatrix.Row(AllOperations.DefectOf(id), questions, new Bank()));
    }

    private static string Html(KillMatrix check, params string[] missed) =>
        SelfCheckHtml.Render(check, Questions, missed, TimeSpan.FromSeconds(12.34), KillWords.Report);

    private static XDocument Page(KillMatrix check, params string[] missed)
    {
        using var reader = XmlReader.Create(new StringReader(Html(check, missed)), new() { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static XElement[] RowsOf(XDocument page) =>
        [.. page.Descendants("details").Where(details => (string?)details.Attribute("class") == "row")];
}
