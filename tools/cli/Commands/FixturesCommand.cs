using System.CommandLine;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Torch;

namespace Conformance.Cli.Commands;

/// <summary><c>fixtures</c>: what is stored, and making it anew from live torch.</summary>
internal sealed class FixturesCommand : Command
{
    private readonly Option<bool> _accept = new("--accept") { Description = "write answers that differ from the stored ones, after you have found out why they moved" };

    public FixturesCommand(Terminal terminal, CancellationToken cancel) : base("fixtures", "the stored vectors: list them, or regenerate them from live torch")
    {
        var list = new Command("list", "every stored vector: tier, size, and what it catches");
        list.SetAction(_ => List(terminal));
        var regenerate = new Command("regenerate", "make the stored vectors anew from live torch, cross-checked with the oracle") { _accept };
        regenerate.SetAction(parse => Regenerate(terminal, parse.GetValue(_accept), cancel));
        Add(list);
        Add(regenerate);
        SetAction(NoSubcommand);
    }

    private static int NoSubcommand(ParseResult parse) => throw new UserError("fixtures: expected list or regenerate. See 'tools/conformance fixtures --help'.");

    private static int List(Terminal terminal)
    {
        foreach (var vector in Fixtures.Folder().Vectors())
        {
            var numbers = vector.Case.Inputs.Values.Concat(vector.Case.Cotangents.Values).Concat(vector.Expected.Tensors.Select(pair => pair.Value)).Sum(tensor => tensor.Length);
            var prefix = vector.Case.Op.Length + 1;
            terminal.Out.WriteLine($"{vector.Case.Id,-52} {vector.Case.Tier.ToString().ToLowerInvariant(),-8} {numbers,7} numbers  {string.Join(" ", vector.Case.Catches.Select(id => id[prefix..]))}");
        }
        return ExitCode.Good;
    }

    private static int Regenerate(Terminal terminal, bool accept, CancellationToken cancel)
    {
        if (TorchRuntime.Unavailable is { } reason)
            throw new UserError(reason, ExitCode.Missing);
        var folder = Fixtures.Folder();
        var generator = new Generator(new TorchOracle(), new TorchOracle(float32: true), TorchRuntime.Provider);
        var (added, changed, same) = (0, new List<string>(), 0);
        var texts = new List<(string Path, string Text)>();
        foreach (var entry in folder.Cases())
        {
            cancel.ThrowIfCancellationRequested();
            var (path, made) = (folder.PathOf(entry.Id), Make(generator, entry));
            if (!File.Exists(path))
                added++;
            else if (Moved(VectorFile.Read(path), made) is { } difference)
                changed.Add($"{entry.Id}: {difference}");
            else
            {
                same++;
                continue;
            }
            texts.Add((path, VectorFile.Text(made)));
        }
        foreach (var line in changed)
            terminal.Error.WriteLine(line);
        if (changed.Count > 0 && (!accept || Environment.GetEnvironmentVariable("CI") is { Length: > 0 }))
            throw new UserError($"{changed.Count} stored vectors would change; nothing was written. Find out why they moved, then use --accept (never in CI).", ExitCode.Failed);
        foreach (var (path, text) in texts)
            OutputDirectory.Open(Path.GetDirectoryName(path)!).Write(Path.GetFileName(path), text);
        terminal.Out.WriteLine($"{same} unchanged, {added} added, {changed.Count} changed, from {TorchRuntime.Provider}");
        return ExitCode.Good;
    }

    private static StoredVector Make(Generator generator, CaseEntry entry)
    {
        try
        {
            return generator.Make(entry);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new UserError(error.Message, ExitCode.Failed);
        }
    }

    /// <summary>
    /// What a regeneration would change, or null. An answer that still agrees within the last bits of float64 has not moved: torch's own differ
    /// from CPU to CPU, so the stored text stays.
    /// </summary>
    private static string? Moved(StoredVector stored, StoredVector made)
    {
        if (!stored.Case.Catches.SequenceEqual(made.Case.Catches))
            return "the defects that it claims to catch";
        var inputs = Differs(stored.Case.Inputs, made.Case.Inputs, 0) ?? Differs(stored.Case.Cotangents, made.Case.Cotangents, 0);
        // A network's tolerance comes from torch's own float32 error, which differs from CPU to CPU.
        var bounds = stored.Case.Op == "lenet" ? null : Differs(stored.Bound.Tensors, made.Bound.Tensors, 1e-9);
        return inputs ?? (bounds is null ? null : $"the tolerance of {bounds}")
            ?? Differs(stored.Expected.Tensors.ToDictionary(), made.Expected.Tensors.ToDictionary(), stored.Case.Tier == Tier.Exact ? 0 : 1e-13);
    }

    private static string? Differs(IReadOnlyDictionary<string, Tensor64> stored, IReadOnlyDictionary<string, Tensor64> made, double relative)
    {
        if (!stored.Keys.Order().SequenceEqual(made.Keys.Order()))
            return $"tensors {string.Join(", ", stored.Keys)} become {string.Join(", ", made.Keys)}";
        foreach (var (name, before) in stored)
        {
            var after = made[name];
            if (!before.HasShape(after.Shape))
                return $"{name}: shape {before} becomes {after}";
            var scale = before.Data.ToArray().Select(Math.Abs).DefaultIfEmpty().Max();
            for (var i = 0; i < before.Length; i++)
                if (!(Math.Abs(before[i] - after[i]) <= relative * scale) && !before[i].Equals(after[i]))
                    return $"{name} at {Tensor64.Text(before.IndexOf(i))}: {before[i]:R} becomes {after[i]:R}";
        }
        return null;
    }
}
