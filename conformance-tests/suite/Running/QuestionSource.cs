using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Running;

/// <summary>
/// The source of a run's questions with their answers: a stored vector if there is one, otherwise the oracle. It is thread-safe.
/// </summary>
/// <param name="fixtures">The folder with the vectors.</param>
/// <param name="seed">The seed for all fills; null for each case's own.</param>
public sealed class QuestionSource(FixtureFolder fixtures, ulong? seed)
{
    private readonly List<FixtureException> _problems = [];

    /// <summary>The files that could not be read. The other cases are judged.</summary>
    public IReadOnlyList<FixtureException> Problems
    {
        get
        {
            lock (_problems)
                return [.. _problems];
        }
    }

    /// <summary>
    /// The cases of a user's file. Vectors in the file's folder answer them, as <c>fixtures regenerate --cases FILE --out DIR</c> writes them there.
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

    /// <summary>The repository's own cases, or the cases with the given ids, stored or not.</summary>
    public static (QuestionSource Source, IReadOnlyList<CaseEntry> Entries) FromFixtures(
        FixtureFolder fixtures, ulong? seed, IReadOnlyList<string>? ids)
    {
        var source = new QuestionSource(fixtures, seed);
        return (source, ids is null ? fixtures.Cases(source._problems) : [.. ids.Select(id => new CaseEntry(id, "", [], []))]);
    }

    /// <summary>Random ids, this many for each operation; fewer if an operation has no random geometry.</summary>
    public static IReadOnlyList<string> RandomIds(IEnumerable<string> operations, ulong seed, int number) =>
        [.. operations.SelectMany(op => Enumerable.Range(0, number).Select(i => AllOperations.Named(op).RandomId(seed, i))).OfType<string>()];

    /// <summary>The question of a case. Null if it can't be read; the error is then in <see cref="Problems"/>.</summary>
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

    /// <summary>The question of an id, stored or not.</summary>
    /// <param name="storedSeed">The seed of the stored vectors.</param>
    /// <exception cref="ArgumentException">The id can't be read.</exception>
    /// <exception cref="FixtureException">The stored vector can't be read.</exception>
    public Question Read(string id, ulong storedSeed = 1)
    {
        ArgumentNullException.ThrowIfNull(id);
        var fresh = seed ?? storedSeed;
        // Two correct networks may take different branches at a kink, so a network with new fills must keep away from kinks.
        var drawn = fresh != storedSeed && id.StartsWith("lenet/", StringComparison.Ordinal) ? LeNetKinks.Clear(id, fresh) : id;
        var layerCase = AllOperations.Draw(drawn, fresh) with { Id = id };
        if (layerCase.Seed == storedSeed && fixtures.Has(id))
        {
            var stored = fixtures.Vector(id).Question;
            if (stored.Case.HasFillsOf(layerCase)) // otherwise the vector has another seed, and answers another question
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
