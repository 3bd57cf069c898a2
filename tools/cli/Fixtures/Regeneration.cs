using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Fixtures;

/// <summary>One case made anew, beside what is stored of it.</summary>
/// <param name="Text">What the file should be: the stored numbers where they still agree, else the new ones.</param>
/// <param name="Changes">What moved; empty for a case that was not stored.</param>
internal sealed record Remade(CaseEntry Entry, string Path, string Text, bool IsNew, IReadOnlyList<VectorChange> Changes)
{
    public bool ValueChanges => Changes.Any(change => change.IsValue);

    public bool Differs => IsNew || Changes.Count > 0 || File.ReadAllText(Path) != Text;
}

/// <summary>Makes stored vectors anew from live torch, and says what would change. Writes nothing.</summary>
internal sealed class Regeneration(FixtureFolder folder, IReference reference, Terminal terminal, CancellationToken cancel)
{
    /// <summary>Cases from which no vector can be made, one line each.</summary>
    public List<string> Problems { get; } = [];

    /// <exception cref="UserError">There is no live torch.</exception>
    public IReadOnlyList<Remade> Run(IReadOnlyList<CaseEntry> entries)
    {
        reference.Require();
        var generator = new Generator(reference.Oracle, reference.Provider);
        var progress = new Progress(terminal);
        var remade = new List<Remade>();
        foreach (var (i, entry) in entries.Index())
        {
            cancel.ThrowIfCancellationRequested();
            progress.Live($"{i + 1}/{entries.Count}  {entry.Id}");
            try
            {
                remade.Add(Compared(entry, generator.Make(entry)));
            }
            catch (Exception error) when (error is InvalidOperationException or ArgumentException or System.Runtime.InteropServices.ExternalException)
            {
                Problems.Add(error.Message.Contains(entry.Id, StringComparison.Ordinal) ? error.Message : $"{entry.Id}: {error.Message}");
            }
        }
        progress.Clear();
        return remade;
    }

    private Remade Compared(CaseEntry entry, StoredVector made)
    {
        var path = folder.PathOf(entry.Id);
        if (!File.Exists(path))
            return new(entry, path, VectorText.Render(made), true, []);
        StoredVector stored;
        try
        {
            stored = VectorFile.Read(path);
        }
        catch (FixtureException unreadable)
        {
            return new(entry, path, VectorText.Render(made), false, [new("file", unreadable.Message, true)]);
        }
        var changes = VectorChange.Between(stored, made);
        var question = stored.Question with { Case = stored.Case with { Catches = made.Case.Catches } };
        if (changes.Any(change => change.IsValue))
        {
            if (stored.IsRecipe || made.IsRecipe || changes.Any(change => change is { IsValue: true, IsOfAnAnswer: false }))
                return new(entry, path, VectorText.Render(made), false, changes);
            question = question with { Expected = Expected(stored, made, changes), Bound = Bound(stored, made, changes) };
        }
        var kept = made with
        {
            Question = question,
            Provenance =
                made.Provenance with { ReferenceFloat32Error = Kept(stored.Provenance.ReferenceFloat32Error, made.Provenance.ReferenceFloat32Error) },
            Separation = made.Separation.ToDictionary(
                pair => pair.Key, pair => stored.Separation.TryGetValue(pair.Key, out var old) ? Kept(old, pair.Value) : pair.Value),
        };
        return new(entry, path, VectorText.Render(kept), false, changes);

        static double Kept(double old, double now) => VectorChange.Close(old, now) ? old : now;
    }

    /// <summary>The new answer, in which a tensor that still agrees keeps its numbers.</summary>
    private static LayerResult Expected(StoredVector stored, StoredVector made, IReadOnlyList<VectorChange> changes)
    {
        var before = stored.Expected.Tensors.ToDictionary();
        return made.Expected.Select((name, tensor) => Moved(changes, "expected." + name) ? tensor : before[name]);
    }

    private static ErrorBound Bound(StoredVector stored, StoredVector made, IReadOnlyList<VectorChange> changes) =>
        new(made.Bound.Tensors.ToDictionary(
            pair => pair.Key, pair => Moved(changes, "bounds." + pair.Key) ? pair.Value : stored.Bound.Tensors[pair.Key]))
        {
            Spreads = made.Bound.Spreads.ToDictionary(
                pair => pair.Key, pair => Moved(changes, "rms." + pair.Key) ? pair.Value : stored.Bound.Spreads[pair.Key]),
        };

    private static bool Moved(IReadOnlyList<VectorChange> changes, string field) => changes.Any(change => change.Field == field);
}
