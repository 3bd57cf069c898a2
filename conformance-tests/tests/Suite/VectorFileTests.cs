using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite;

/// <summary>A stored vector that was damaged or hollowed out is refused, with file and field.</summary>
internal sealed class VectorFileTests
{
    private const string Exact = "relu/n1c1h1w7";
    private const string Bounded = "cross_entropy/n1c3-mean";

    private string _root = "";

    [SetUp]
    public void MakeFolder() => _root = Directory.CreateTempSubdirectory("conformance-vectors").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    [TestCase(Exact, "\"conformance\": 1", "\"conformance\": 2", "version 2, this suite reads 1")]
    [TestCase(Exact, "\"conformance\": 1", "\"conformance\": 1.5", "content")]
    [TestCase(Exact, "\"conformance\": 1", "\"conformance\": 99999999999", "content")]
    [TestCase(Exact, "\"catches\": [", "\"catches\": [5, ", "content")]
    [TestCase(Exact, "\"id\": \"relu/n1c1h1w7\"", "\"id\": \"relu/n2c3h4w5\"", "belongs into another file")]
    [TestCase(Exact, "\"shape\": [1,1,1,7]", "\"shape\": [1,1,1,8]", "shape [1,1,1,8] has 8 elements, the data has 7")]
    [TestCase(Exact, "\"tier\": \"exact\"", "\"tier\": \"exact\", \"bounds\": {}", "the exact tier has none")]
    [TestCase(Exact, "\"tier\": \"exact\"", "\"tier\": \"loose\"", "expected exact or bounded")]
    [TestCase(Exact, "\"provenance\":", "\"origin\":", "provenance: missing")]
    [TestCase(Exact, "\"tier\":", "\"tier\": \"exact\", \"tier\":", "JSON")]
    [TestCase(Bounded, "\"output\": {\"shape\": [], \"data\": [", "\"loss\": {\"shape\": [], \"data\": [", "bounds.outputs")]
    public void WhatIsWrongIsNamed(string id, string before, string after, string message)
    {
        var text = File.ReadAllText(Repository.Fixtures.PathOf(id));
        Assert.That(text, Does.Contain(before));
        var damaged = before.StartsWith("\"output\"", StringComparison.Ordinal) ? ReplaceLast(text, before, after) : text.Replace(before, after, StringComparison.Ordinal);
        var path = Write(id, damaged);
        Assert.That(() => VectorFile.Read(path), Throws.TypeOf<FixtureException>().With.Message.Contains(message).And.Message.Contains(path));
    }

    [Test]
    public void HalfAFileIsRefused()
    {
        var text = File.ReadAllText(Repository.Fixtures.PathOf(Exact));
        Assert.That(() => VectorFile.Read(Write(Exact, text[..(text.Length / 2)])), Throws.TypeOf<FixtureException>());
    }

    [TestCase(Exact)]
    [TestCase(Bounded)]
    public void WhatIsWrittenReadsBackTheSame(string id)
    {
        var stored = VectorFile.Read(Repository.Fixtures.PathOf(id));
        Assert.That(VectorFile.Text(stored), Is.EqualTo(File.ReadAllText(Repository.Fixtures.PathOf(id))));
    }

    private string Write(string id, string text)
    {
        var path = new FixtureFolder(_root).PathOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static string ReplaceLast(string text, string before, string after)
    {
        var at = text.LastIndexOf(before, StringComparison.Ordinal);
        return text[..at] + after + text[(at + before.Length)..];
    }
}
