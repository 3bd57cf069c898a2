using Conformance.Suite.Fixtures;
using Conformance.Suite.SelfChecking;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.SelfChecking;

/// <summary>The quick cases: a cover of the kill matrix, and a file that says when it is none any more.</summary>
internal sealed class QuickSetTests
{
    [Test]
    public void EveryKnownMistakeDiesTwiceInTheStoredOnes()
    {
        var quick = QuickSet.Read(Repository.Fixtures).Cases;
        var questions = quick.Select(id => VectorFile.Read(Repository.Fixtures.PathOf(id)).Question).ToArray();
        Assert.That(QuickCover.Survivors(questions, default), Is.Empty);
    }

    [Test]
    public void WithoutOneOfItsCasesSomethingSurvives()
    {
        var questions = Wrong.Questions("relu");
        var cover = QuickCover.Choose(questions, default).Cases;
        Assert.Multiple(() =>
        {
            Assert.That(cover, Has.Count.LessThan(questions.Length));
            Assert.That(Survivors(cover), Is.Empty);
            foreach (var id in cover)
                Assert.That(Survivors([.. cover.Where(other => other != id)]), Is.Not.Empty, id);
        });

        IEnumerable<string> Survivors(IReadOnlyCollection<string> ids) =>
            QuickCover.Survivors([.. questions.Where(question => ids.Contains(question.Case.Id))], default)
                .Where(id => id.StartsWith("relu.", StringComparison.Ordinal));
    }

    [Test]
    public void TheFileReadsBack()
    {
        using var folder = new TemporaryFolder();
        var quick = new QuickSet(["relu/n1c1h1w7", "sgd/t4-e1"]);
        File.WriteAllText(Path.Combine(folder.Path, QuickSet.FileName), quick.Text());
        Assert.That(QuickSet.Read(new(folder.Path)).Cases, Is.EqualTo(quick.Cases));
    }

    [TestCase("{\"conformance\": 2, \"cases\": []}", "version 2")]
    [TestCase("{\"conformance\": 1}", "cases")]
    [TestCase("[", "quick.json")]
    public void AFileThatCannotBeReadSaysWhy(string text, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, QuickSet.FileName), text);
        Assert.That(() => QuickSet.Read(new(folder.Path)), Throws.TypeOf<FixtureException>().With.Message.Contains(problem));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("conformance-quick").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
