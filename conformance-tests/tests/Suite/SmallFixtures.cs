using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite;

/// <summary>The oracle in the place of torch, so that vectors can be made where there is none; or something slightly off, to see whether that shows.</summary>
internal sealed class OracleAsReference(Func<LayerCase, double, double> change) : IOracle
{
    public static OracleAsReference Float64 { get; } = new((_, value) => value);

    public static OracleAsReference Float32 { get; } = new((_, value) => (float)value);

    public string Name => "the oracle";

    public LayerResult Evaluate(LayerCase layerCase)
    {
        var result = AllOperations.Named(layerCase.Op).Evaluate(layerCase);
        return new(Changed(result.Outputs), Changed(result.Gradients));

        Dictionary<string, Tensor64> Changed(IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => change(layerCase, value)));
    }
}

/// <summary>A folder of fixtures of a test's own: three operations, whole and right, to be damaged.</summary>
internal sealed class SmallFixtures : IDisposable
{
    public const string Exact = "relu/n1c1h1w7";
    public const string Bounded = "cross_entropy/n1c3-mean";
    public const string Refused = "conv2d/n1c1h3w4-o1-k5";
    public const string Recipe = "relu/n9c4h40w41";

    public SmallFixtures()
    {
        Root = Directory.CreateTempSubdirectory("conformance-fixtures").FullName;
        Folder = new(Root);
        Directory.CreateDirectory(Path.Combine(Root, "schema"));
        foreach (var schema in Directory.EnumerateFiles(Path.Combine(Repository.Fixtures.Root, "schema")))
            File.Copy(schema, Path.Combine(Root, "schema", Path.GetFileName(schema)));
        WriteCases("conv2d", ("n1c1h3w4-o1-k5", "refused", "kernel-too-large-accepted"), ("n1c1h4w5-o1-k2x3", "narrow", "kernel-rotated"));
        WriteCases("cross_entropy", ("n1c3-mean", "narrow", "gradient-sign"));
        WriteCases("relu", ("n1c1h1w7", "narrow", "mask-missing"), ("n9c4h40w41", "large", "mask-missing"));
        Store();
    }

    public string Root { get; }

    public FixtureFolder Folder { get; }

    public static Generator Generator { get; } = new(OracleAsReference.Float64, OracleAsReference.Float32, "libtorch 0 (a test)");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public string At(string name) => Path.Combine(Root, name);

    public void Store()
    {
        foreach (var entry in Folder.Cases())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Folder.PathOf(entry.Id))!);
            File.WriteAllText(Folder.PathOf(entry.Id), VectorText.Of(Generator.Make(entry)));
        }
        File.WriteAllText(At(Manifest.FileName), Manifest.Of(Folder));
    }

    /// <summary>Replaces the first <paramref name="before"/> in a file.</summary>
    public void Edit(string name, string before, string after)
    {
        var text = File.ReadAllText(At(name));
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.That(at, Is.Not.Negative, $"{name} has no {before}");
        File.WriteAllText(At(name), text[..at] + after + text[(at + before.Length)..]);
    }

    private void WriteCases(string op, params (string Case, string Aspect, string Catches)[] cases) => File.WriteAllText(At($"{op}.cases.json"), $$"""
        { "conformance": 1, "op": "{{op}}",
          "aspects": { {{string.Join(", ", cases.Select(item => $"\"{item.Aspect}\": \"a sentence\"").Distinct())}} },
          "cases": [ {{string.Join(", ", cases.Select(item => $"{{ \"case\": \"{item.Case}\", \"why\": \"a reason\", \"aspects\": [\"{item.Aspect}\"], \"catches\": [\"{item.Catches}\"] }}"))}} ] }
        """);
}
