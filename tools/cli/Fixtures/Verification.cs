using System.Collections.Concurrent;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Fixtures;

/// <summary>Checks a folder of fixtures from every side. What can't be read is left out, and the rest is checked all the same.</summary>
internal sealed class Verification(FixtureFolder folder, IReference reference, Terminal terminal, CancellationToken cancel)
{
    /// <summary>What all stored vectors may take, in bytes: 15 MiB.</summary>
    private const long MostBytes = 15 << 20;

    private readonly ConcurrentBag<string> _problems = [];
    private readonly ConcurrentBag<FixtureException> _unreadable = [];
    private readonly ConcurrentDictionary<string, StoredVector> _vectors = new();
    private readonly ConcurrentDictionary<string, double> _fromOracle = new();
    private readonly Dictionary<string, double> _fromTorch = [];
    private readonly Progress _progress = new(terminal);

    public VerificationResult Run()
    {
        Schemas? schemas = null;
        Try(() => schemas = new(folder));
        var unreadable = new List<FixtureException>();
        var files = folder.CaseFiles(unreadable);
        unreadable.ForEach(_unreadable.Add);
        if (schemas is not null)
            foreach (var file in files)
                AddAll(Name(file.Path), schemas.ProblemsOfCases(File.ReadAllText(file.Path)));

        string[] paths = [.. folder.VectorPaths()];
        Each(paths, "reading", path => Read(path, schemas));
        var entries = files.SelectMany(file => file.Cases).ToArray();
        Match(entries, paths, complete: unreadable.Count == 0);
        Try(() => AddAll(null, Manifest.Problems(folder)));

        (CaseEntry Entry, StoredVector Vector)[] pairs =
            [.. entries.Where(entry => _vectors.ContainsKey(entry.Id)).Select(entry => (entry, _vectors[entry.Id]))];
        Each(pairs, "checking", pair => Check(pair.Entry, pair.Vector));
        if (reference.Unavailable is null)
            foreach (var (i, (_, vector)) in pairs.Index())
            {
                cancel.ThrowIfCancellationRequested();
                _progress.Live($"torch {i + 1}/{pairs.Length}  {vector.Case.Id}");
                AgainstTorch(vector);
            }
        foreach (var file in files)
            AddAll(null, Coverage.Problems(file, _vectors));
        _progress.Clear();
        return Result(files, paths);
    }

    private void Read(string path, Schemas? schemas) => Try(() =>
    {
        var vector = VectorFile.Read(path);
        _vectors[vector.Case.Id] = vector;
        var (name, text) = (Name(path), File.ReadAllText(path));
        if (VectorText.Size(text) > Generator.MostBytes)
            Add(name, $"{VectorText.Size(text) >> 10} KiB: at most {Generator.MostBytes >> 10} KiB a file");
        if (VectorText.Render(vector) != text)
            Add(name, "not as the generator writes it: the file was edited");
        AddAll(name, schemas?.ProblemsOfVector(text) ?? []);
    });

    /// <summary>Every case stored, and every stored vector a case; and not too much of them.</summary>
    private void Match(CaseEntry[] entries, string[] paths, bool complete)
    {
        var (cases, stored) = (entries.Select(entry => entry.Id).ToHashSet(), paths.Select(folder.IdOf).ToHashSet());
        foreach (var entry in entries.Where(entry => !stored.Contains(entry.Id)))
            Add(entry.Id, $"not stored; {Provenance.Command} makes its vector");
        if (complete) // else the case may stand in a file that can't be read
            foreach (var id in stored.Where(id => !cases.Contains(id)))
                Add(id, "stored, but no case has this id");
        var bytes = paths.Sum(path => new FileInfo(path).Length);
        if (bytes > MostBytes)
            Add("all files", $"{bytes >> 20} MiB: at most {MostBytes >> 20} MiB");
    }

    private void Check(CaseEntry entry, StoredVector vector)
    {
        var (id, layerCase) = (entry.Id, vector.Case);
        var (drawn, provenance) = (entry.Draw(), vector.Provenance);
        if (!layerCase.HasFillsOf(drawn))
            Add(id, "inputs: not what the id draws");
        if (!entry.Catches.SequenceEqual(layerCase.Catches))
            Add(id, "catches: not what its case file says");
        if (provenance.Generator != Provenance.Command || !provenance.Reference.StartsWith("TorchSharp ", StringComparison.Ordinal))
            Add(id, $"provenance: '{provenance.Reference}' by '{provenance.Generator}', expected TorchSharp by {Provenance.Command}");
        if (!(provenance.ReferenceFloat32Error >= 0 && provenance.ReferenceFloat32Error <= Generator.MostFloat32ErrorOf(layerCase)))
            Add(id, $"provenance: a float32 error of {provenance.ReferenceFloat32Error:G3} of the tolerance: right engines might fail");
        Try(() =>
        {
            Claims(vector);
            if (layerCase.Refused is null)
                AgainstOracle(vector);
        });
    }

    /// <summary>Each claim proved again, by the oracle alone.</summary>
    private void Claims(StoredVector vector)
    {
        var id = vector.Case.Id;
        if (!vector.Separation.Keys.Order(StringComparer.Ordinal).SequenceEqual(vector.Case.Catches.Order(StringComparer.Ordinal)))
            Add(id, "separation: not of the defects that it catches");
        foreach (var defect in vector.Case.Catches)
        {
            var proved = Separation.Measure(vector.Question, AllOperations.DefectOf(defect));
            if (!(proved >= Separation.Least(vector.Case.Tier)))
                Add(id, $"claims to catch {defect}, but that differs by {proved:G3} at most");
            else if (vector.Separation.TryGetValue(defect, out var stored) && !VectorChange.Close(stored, proved))
                Add(id, $"separation.{defect}: {stored:G6} is stored, {proved:G6} is proved");
        }
    }

    private void AgainstOracle(StoredVector vector)
    {
        var answer = AllOperations.Named(vector.Case.Op).Evaluate(vector.Case);
        Compare(vector, vector.Expected, answer, "the oracle", _fromOracle); // of a recipe the oracle's own, checked against its hashes
        Bounds(vector, AllOperations.Named(vector.Case.Op).Bound(vector.Case, vector.Expected));
        if (Separation.IsVacuous(vector.Question, vector.Expected))
            Add(vector.Case.Id, "vacuous: an engine that answers zeros would pass");
    }

    private void AgainstTorch(StoredVector vector)
    {
        var layerCase = vector.Case;
        try
        {
            var answer = reference.Oracle.Evaluate(layerCase);
            if (layerCase.Refused is { } reason)
                Add(layerCase.Id, $"torch does not refuse it: {reason}");
            else
                Compare(vector, vector.Expected, answer, reference.Provider, _fromTorch);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.Runtime.InteropServices.ExternalException)
        {
            if (layerCase.Refused is null)
                Add(layerCase.Id, $"torch does not answer: {error.Message}");
        }
        catch (FixtureException)
        {
            // The oracle has found that already.
        }
    }

    /// <summary>A tolerance no wider than a fresh one, so that none can be widened until something passes; nor narrower.</summary>
    private void Bounds(StoredVector vector, ErrorBound fresh)
    {
        foreach (var (name, tensor) in vector.Expected.Tensors)
            for (var i = 0; i < tensor.Length; i++)
            {
                var (stored, right) = (vector.Bound.At(name, i), fresh.At(name, i));
                if (IsSame(stored, right) || (stored == 0 && !double.IsFinite(tensor[i])))
                    continue;
                Add(vector.Case.Id, $"bounds.{name} at {Tensor64.Text(tensor.IndexOf(i))}: {stored:G6} is stored, {right:G6} is computed");
                break;
            }
        foreach (var (name, spread) in fresh.Spreads)
            if (!spread.Limits.Zip(vector.Bound.Spreads[name].Limits).All(limit => IsSame(limit.Second, limit.First)))
                Add(vector.Case.Id, $"rms.{name}: not as it is computed");

        bool IsSame(double stored, double right) => Math.Abs(stored - right) <= VectorChange.OfBounds(vector.Case.Op) * right;
    }

    private void Compare(StoredVector vector, LayerResult expected, LayerResult answer, string whose, IDictionary<string, double> distances)
    {
        var tensors = ReferenceDistance.Compare(answer, expected, ReferenceDistance.Unit(vector.Case, expected, vector.Bound));
        foreach (var tensor in tensors.Where(tensor => !tensor.Passes))
            Add(
                vector.Case.Id,
                $"expected.{tensor.Name}: "
                    + (tensor.Problem
                        ?? $"{tensor.Wrong} of {tensor.Count} elements differ from what {whose} answers, by {tensor.MaxError:G3} at most"));
        if (!expected.Tensors.Select(pair => pair.Key).Order(StringComparer.Ordinal)
            .SequenceEqual(answer.Tensors.Select(pair => pair.Key).Order(StringComparer.Ordinal)))
            Add(
                vector.Case.Id,
                $"expected: tensors {string.Join(", ", expected.Tensors.Select(pair => pair.Key))}, "
                    + $"where {whose} answers {string.Join(", ", answer.Tensors.Select(pair => pair.Key))}");
        distances[vector.Case.Id] = ReferenceDistance.Largest(tensors);
    }

    private VerificationResult Result(IReadOnlyList<CaseFile> files, string[] paths)
    {
        var sizes = paths.ToLookup(path => folder.IdOf(path).Split('/')[0], path => new FileInfo(path).Length);
        VerificationRow[] rows = [.. files.Select(file =>
        {
            StoredVector[] vectors = [.. _vectors.Values.Where(vector => vector.Case.Op == file.Op)];
            return new VerificationRow(
                file.Op, file.Cases.Count, vectors.Length, vectors.Count(vector => vector.IsRecipe),
                vectors.Count(vector => vector.Case.Refused is not null), sizes[file.Op].Sum(), file.Aspects.Count,
                file.Cases.Sum(entry => entry.Catches.Count), Worst(_fromOracle, file.Op),
                reference.Unavailable is null ? Worst(_fromTorch, file.Op) : null);
        })];
        return new(
            rows,
            [.. _problems.Order(StringComparer.Ordinal)],
            [.. _unreadable.Select(problem => problem.Message.ReplaceLineEndings(" ")).Order(StringComparer.Ordinal)],
            reference.Unavailable is { } reason ? $"torch was not asked: {reason}" : $"torch: {reference.Provider}");

        static double Worst(IEnumerable<KeyValuePair<string, double>> distances, string op) =>
            distances.Where(pair => pair.Key.StartsWith(op + "/", StringComparison.Ordinal)).Select(pair => pair.Value).DefaultIfEmpty().Max();
    }

    private void Each<T>(T[] items, string what, Action<T> action)
    {
        var done = 0;
        Parallel.ForEach(items, new ParallelOptions { CancellationToken = cancel }, item =>
        {
            action(item);
            var count = Interlocked.Increment(ref done);
            lock (_progress)
                _progress.Live($"{what} {count}/{items.Length}");
        });
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (FixtureException problem)
        {
            _unreadable.Add(problem);
        }
    }

    private void Add(string place, string problem) => _problems.Add($"{place}: {problem.ReplaceLineEndings(" ")}");

    private void AddAll(string? place, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            _problems.Add(place is null ? problem : $"{place}: {problem}");
    }

    private string Name(string path) => Path.GetRelativePath(folder.Root, path).Replace('\\', '/');
}
