using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>
/// The oracle in the place of torch. It makes vectors where there is no torch, or slightly wrong ones, to test that the error shows.
/// </summary>
internal sealed class OracleAsReference(Func<LayerCase, double, double> change) : IOracle
{
    public static OracleAsReference Float64 { get; } = new((_, value) => value);

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

    /// <summary>Every file, made once: by name in the folder.</summary>
    private static readonly Lazy<Dictionary<string, string>> Files = new(Make);

    public SmallFixtures()
    {
        Root = Directory.CreateTempSubdirectory("conformance-fixtures").FullName;
        Folder = new(Root);
        foreach (var (name, text) in Files.Value)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllText(At(name), text);
        }
        File.WriteAllText(At(Manifest.FileName), Manifest.Render(Folder));
    }

    public string Root { get; }

    public FixtureFolder Folder { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Replaces the first <paramref name="before"/> in a file.</summary>
    public void Edit(string name, string before, string after)
    {
        var text = File.ReadAllText(At(name));
        var at = text.IndexOf(before, StringComparison.Ordinal);
        Assert.That(at, Is.Not.Negative, $"{name} has no {before}");
        File.WriteAllText(At(name), text[..at] + after + text[(at + before.Length)..]);
    }

    private static Dictionary<string, string> Make()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Fixtures.Root, "schema")).ToDictionary(
            path => $"schema/{Path.GetFileName(path)}", File.ReadAllText);
        var generator = new Generator(OracleAsReference.Float64, "TorchSharp 0 (a test)");
        Add("conv2d", ("n1c1h3w4-o1-k5", "refused", "kernel-too-large-accepted"), ("n1c1h4w5-o1-k2x3", "narrow", "kernel-rotated"));
        Add("cross_entropy", ("n1c3-mean", "narrow", "gradient-sign"));
        Add("relu", ("n1c1h1w7", "narrow", "mask-missing"), ("n9c4h40w41", "large", "mask-missing"));
        return files;

        void Add(string op, params (string Case, string Aspect, string Catches)[] cases)
        {
            files[$"{op}.cases.json"] = $$"""
                { "conformance": 1, "op": "{{op}}",
                  "aspects": { {{string.Join(", ", cases.Select(item => $"\"{item.Aspect}\": \"a sentence\""))}} },
                  "cases": [ {{string.Join(", ", cases.Select(item => $"{{ \"case\": \"{item.Case}\", \"why\": \"a reason\", \"aspects\": [\"{item.Aspect}\"], \"catches\": [\"{item.Catches}\"] }}"))}} ] }
                """;
            foreach (var (name, _, catches) in cases)
                files[$"{op}/{name}.json"] = VectorText.Render(generator.Make(new($"{op}/{name}", "", [], [$"{op}.{catches}"])));
        }
    }
}
