using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// Where the questions of a run come from, with their answers: a stored vector where there is one, else the oracle. Safe to use from several threads.
/// </summary>
/// <param name="fixtures">The folder whose vectors answer.</param>
/// <param name="seed">What all fills are drawn anew with; null for each case's own.</param>
public sealed class QuestionSource(FixtureFolder fixtures, ulong? seed)
{
    private readonly List<FixtureException> _problems = [];

    /// <summary>What could not be read. The rest is judged all the same.</summary>
    public IReadOnlyList<FixtureException> Problems
    {
        get
        {
            lock (_problems)
                return [.. _problems];
        }
    }

    /// <summary>
    /// The cases of a file of one's own. Vectors beside it answer, as <c>fixtures regenerate --cases FILE --out DIR</c> leaves them in the file's own
    /// folder.
    /// </summary>
    public static (QuestionSource Source, IReadOnlyList<CaseEntry> Entries) FromFile(string path, ulong? seed)
    {
        var source = new QuestionSource(new(Path.GetDirectoryName(Path.GetFullPath(path))!), seed);
        try
        {
            return (source, CaseFile.Read(path, source._problems).Cases);
        }
        catch (FixtureException problem)
        {
            source._problems.Add(problem);
            return (source, []);
        }
    }

    /// <summary>The repository's own cases, or those that <paramref name="ids"/> spell, stored or not.</summary>
    public static (QuestionSource Source, IReadOnlyList<CaseEntry> Entries) FromFixtures(
        FixtureFolder fixtures, ulong? seed, IReadOnlyList<string>? ids)
    {
        var source = new QuestionSource(fixtures, seed);
        return (source, ids is null ? fixtures.Cases(source._problems) : [.. ids.Select(id => new CaseEntry(id, "", [], []))]);
    }

    /// <summary>The ids of geometries at random, so many for each operation; where an operation has no such geometry, fewer.</summary>
    public static IReadOnlyList<string> RandomIds(IEnumerable<string> operations, ulong seed, int number) =>
        [.. operations.SelectMany(op => Enumerable.Range(0, number).Select(i => AllOperations.Named(op).RandomId(seed, i))).OfType<string>()];

    /// <summary>The question of a case; null where it can't be read, which is then one of <see cref="Problems"/>.</summary>
    public Question? TryRead(CaseEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        try
        {
            return Read(entry.Id, entry.Seed);
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

    /// <summary>The question that an id spells, stored or not.</summary>
    /// <param name="storedSeed">The seed with which stored vectors are made.</param>
    /// <exception cref="ArgumentException">The id can't be read.</exception>
    /// <exception cref="FixtureException">Its stored vector can't.</exception>
    public Question Read(string id, ulong storedSeed = 1)
    {
        ArgumentNullException.ThrowIfNull(id);
        var fresh = seed ?? storedSeed;
        // Two right networks may part at a kink: one that is drawn anew has to stay clear of them.
        var layerCase = AllOperations.Draw(
            fresh != storedSeed && id.StartsWith("lenet/", StringComparison.Ordinal) ? LeNetKinks.Clear(id, fresh) : id, fresh);
        if (layerCase.Seed == storedSeed && fixtures.Has(id))
        {
            var stored = fixtures.Vector(id).Question;
            if (stored.Case.HasFillsOf(layerCase)) // else it was made with another seed, and answers another question
                return stored with { Case = stored.Case with { Seed = storedSeed } };
        }
        return Question.AnsweredByTheOracle(layerCase);
    }

    private Question? Unreadable(FixtureException problem)
    {
        lock (_problems)
            _problems.Add(problem);
        return null;
    }
}
