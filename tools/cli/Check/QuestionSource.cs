using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Check;

/// <summary>Where the questions of a run come from, with their answers: a stored vector where there is one, else the oracle.</summary>
/// <param name="fixtures">The folder whose vectors answer.</param>
/// <param name="seed">What all fills are drawn anew with; null for each case's own.</param>
internal sealed class QuestionSource(FixtureFolder fixtures, ulong? seed)
{
    /// <summary>What could not be read. The rest is judged all the same.</summary>
    public List<FixtureException> Problems { get; } = [];

    /// <summary>The cases of a file of one's own. Vectors beside it answer, as <c>fixtures regenerate --cases FILE --out DIR</c> leaves them in the file's own folder.</summary>
    public static (QuestionSource Source, IReadOnlyList<CaseEntry> Entries) OfFile(string path, ulong? seed)
    {
        var source = new QuestionSource(new(Path.GetDirectoryName(Path.GetFullPath(path))!), seed);
        try
        {
            return (source, CaseFile.Read(path, source.Problems).Cases);
        }
        catch (FixtureException problem)
        {
            source.Problems.Add(problem);
            return (source, []);
        }
    }

    /// <summary>The repository's own cases, or those that <paramref name="ids"/> spell, stored or not.</summary>
    public static (QuestionSource Source, IReadOnlyList<CaseEntry> Entries) OfFixtures(FixtureFolder fixtures, ulong? seed, IReadOnlyList<string>? ids)
    {
        var source = new QuestionSource(fixtures, seed);
        return (source, ids is null ? fixtures.Cases(source.Problems) : [.. ids.Select(id => new CaseEntry(id, "", [], []))]);
    }

    /// <summary>The question of a case; null where it can't be read, which is then one of <see cref="Problems"/>.</summary>
    public Question? TryOf(CaseEntry entry)
    {
        try
        {
            return Of(entry.Id, entry.Seed);
        }
        catch (FixtureException problem)
        {
            return Unreadable(problem);
        }
        catch (ArgumentException problem)
        {
            return Unreadable(new(entry.File ?? "--case", entry.Id, problem.Message, problem));
        }
    }

    private Question? Unreadable(FixtureException problem)
    {
        lock (Problems)
            Problems.Add(problem);
        return null;
    }

    /// <summary>Says what could not be read, one line each.</summary>
    /// <returns>Whether there was any.</returns>
    public bool Report(Terminal terminal)
    {
        foreach (var problem in Problems)
            terminal.Say("error", problem.Message);
        return Problems.Count > 0;
    }

    /// <summary>The question that an id spells, stored or not.</summary>
    /// <exception cref="ArgumentException">The id can't be read.</exception>
    /// <exception cref="FixtureException">Its stored vector can't.</exception>
    public Question Of(string id, ulong storedSeed = 1)
    {
        var fresh = seed ?? storedSeed;
        // Two right networks may part at a kink: one that is drawn anew has to stay clear of them.
        var layerCase = AllOperations.Draw(fresh != storedSeed && id.StartsWith("lenet/", StringComparison.Ordinal) ? LeNetKinks.Clear(id, fresh) : id, fresh);
        if (layerCase.Seed == storedSeed && fixtures.Has(id))
        {
            var stored = fixtures.Vector(id).Question;
            if (stored.Case.HasFillsOf(layerCase)) // else it was made with another seed, and answers another question
                return stored with { Case = stored.Case with { Seed = storedSeed } };
        }
        return Question.AnsweredByTheOracle(layerCase);
    }
}
