using Conformance.Cli.Fixtures;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>A damaged or weakened vector or case file is refused with file and field, by the reader and by the schema beside the data.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VectorFileTests : IDisposable
{
    private const string Exact = SmallFixtures.Exact + ".json";
    private const string Bounded = SmallFixtures.Bounded + ".json";
    private const string Refused = SmallFixtures.Refused + ".json";
    private const string Recipe = SmallFixtures.Recipe + ".json";
    private const string Cases = "relu.cases.json";

    private readonly SmallFixtures _fixtures = new();
    private readonly Schemas _schemas;

    public VectorFileTests() => _schemas = new(_fixtures.Folder);

    public void Dispose() => _fixtures.Dispose();

    [TestCase(Exact)]
    [TestCase(Bounded)]
    [TestCase(Refused)]
    [TestCase(Recipe)]
    public void WhatIsWrittenReadsBackTheSameAndFollowsTheSchema(string file)
    {
        var text = File.ReadAllText(_fixtures.At(file));
        Assert.Multiple(() =>
        {
            Assert.That(VectorText.Render(VectorFile.Read(_fixtures.At(file))), Is.EqualTo(text));
            Assert.That(_schemas.ProblemsOfVector(text), Is.Empty);
        });
    }

    /// <summary>What both see: each rule of the schema has a file that breaks it.</summary>
    [TestCase(Exact, "\"conformance\": 1", "\"conformance\": 2", "conformance: version 2, this suite reads 1")]
    [TestCase(Exact, "\"conformance\": 1", "\"conformance\": 1.5", "conformance: expected a whole number, got 1.5")]
    [TestCase(Exact, "\"conformance\": 1", "\"conformance\": 99999999999", "conformance: expected a whole number")]
    [TestCase(Exact, "\"op\": \"relu\"", "\"op\": 5", "op: expected a text, got 5")]
    [TestCase(Exact, "\"op\": \"relu\",", "", "op: missing")]
    [TestCase(Exact, "\"attributes\": {}", "\"attributes\": []", "attributes: expected an object")]
    [TestCase(Exact, "\"tier\": \"exact\"", "\"tier\": \"loose\"", "tier: expected exact or bounded, got 'loose'")]
    [TestCase(
        Exact, "\"tier\": \"exact\"", "\"tier\": \"exact\", \"bounds\": {\"outputs\": {}, \"gradients\": {}}", "bounds: the exact tier has none")]
    [TestCase(Exact, "\"tier\": \"exact\"", "\"tier\": \"exact\", \"repeat\": 1.5", "repeat: expected a whole number")]
    [TestCase(Exact, "\"tier\": \"exact\"", "\"tier\": \"exact\", \"tear\": 1", "tear: unknown: expected one of")]
    [TestCase(Exact, "\"catches\": [", "\"catches\": [5, ", "catches[0]: expected a text, got 5")]
    [TestCase(Exact, "\"inputs\": {", "\"inputs\": [], \"output\": {", "output: unknown")]
    [TestCase(Exact, "\"shape\": [1,1,1,7], \"data\"", "\"data\"", "inputs.input.shape: missing")]
    [TestCase(Exact, "\"shape\": [1,1,1,7]", "\"shape\": [1,1,-1,7]", "inputs.input.shape[2]: expected 0 or more")]
    [TestCase(
        Exact, "\"data\": [", "\"data\": [\"nan\", ", "inputs.input.data[0]: expected a number, \"NaN\", \"Infinity\" or \"-Infinity\", got \"nan\"")]
    [TestCase(Exact, "\"data\": [", "\"data\": [null, ", "inputs.input.data[0]: expected a number, got null")]
    [TestCase(Exact, "\"cotangent\": {", "\"provenance\": {", "JSON: Duplicate property")]
    [TestCase(Exact, "\"outputs\": {", "\"outcomes\": {", "expected.outcomes: unknown")]
    [TestCase(
        Exact, "\"separation\": {\"relu.mask-missing\": ", "\"separation\": {\"relu.mask-missing\": \"far\", \"relu.open-at-zero\": ",
        "separation.relu.mask-missing: expected a number")]
    [TestCase(Exact, "\"provenance\":", "\"origin\":", "origin: unknown")]
    [TestCase(Exact, "\"generator\":", "\"by\":", "provenance.by: unknown")]
    [TestCase(Bounded, "\"bounds\":", "\"rms\":", "bounds: missing")]
    [TestCase(
        Bounded, "\"bounds\": {\n\"outputs\": {\n  \"output\": {\"shape\": [], \"data\": [",
        "\"bounds\": {\n\"outputs\": {\n  \"output\": {\"shape\": [], \"data\": [-", "bounds.outputs.output: expected finite numbers of 0 or more")]
    [TestCase(Recipe, "\"kind\": \"integers\"", "\"kind\": \"floats\"", "inputs.input.fill.kind: expected integers, got 'floats'")]
    [TestCase(Recipe, "\"low\": -3, ", "", "inputs.input.fill.low: missing")]
    [TestCase(Recipe, "\"sha256\": \"", "\"sha256\": \"0", "expected.outputs.output.sha256: expected 64 lower-case hexadecimal digits")]
    [TestCase(Refused, "\"refused\": \"", "\"refused\": 1, \"reason\": \"", "expected.refused: expected a text, got 1")]
    [TestCase(Refused, "\"expected\":", "\"cotangent\": {},\n\"expected\":", "cotangent: a refused case has none")]
    public void AWrongVectorIsRefusedByReaderAndSchema(string file, string before, string after, string message)
    {
        _fixtures.Edit(file, before, after);
        AssertRefused(file, message);
        if (!message.StartsWith("JSON", StringComparison.Ordinal))
            Assert.That(_schemas.ProblemsOfVector(File.ReadAllText(_fixtures.At(file))), Is.Not.Empty);
    }

    /// <summary>What no schema can say: that numbers belong together, and to the id.</summary>
    [TestCase(Exact, "\"id\": \"relu/n1c1h1w7\"", "\"id\": \"relu/n2c3h4w5\"", "id: 'relu/n2c3h4w5' belongs into another file")]
    [TestCase(Exact, "\"id\": \"relu/n1c1h1w7\"", "\"id\": \"../relu/n1c1h1w7\"", "id: '../relu/n1c1h1w7' belongs into another file")]
    [TestCase(Exact, "\"op\": \"relu\"", "\"op\": \"relu6\"", "op: unknown operation 'relu6'")]
    [TestCase(Exact, "\"op\": \"relu\"", "\"op\": \"tanh\"", "belongs into another file")]
    [TestCase(Exact, "\"shape\": [1,1,1,7]", "\"shape\": [1,1,1,8]", "inputs.input: shape [1,1,1,8] has 8 elements, the data has 7")]
    [TestCase(Exact, "\"shape\": [1,1,1,7]", "\"shape\": [7]", "inputs: input [7], where the id spells input [1,1,1,7]")]
    [TestCase(Exact, "\"shape\": [1,1,1,7]", "\"shape\": [99999,99999,99999]", "inputs.input: shape [99999,99999,99999] has more than")]
    [TestCase(Exact, "\"data\": [", "\"data\": [1e300, ", "inputs.input.data[0]: 1E+300 is no float32")]
    [TestCase(Exact, "\"data\": [", "\"data\": [0.1, ", "inputs.input.data[0]: 0.1 is no float32")]
    [TestCase(Exact, "\"data\": [", "\"data\": [1e999, ", "inputs.input.data[0]: expected a number that float64 holds, got 1e999")]
    [TestCase(Exact, "\"attributes\": {}", "\"attributes\": {\"dim\": 1}", "attributes: dim 1, where the id spells")]
    [TestCase(Exact, "\"tier\": \"exact\"", "\"tier\": \"exact\", \"repeat\": 2", "repeat: 2, where the id spells 1")]
    [TestCase(Exact, "\"catches\": [\"", "\"catches\": [\"relu.nothing\", \"", "catches[0]: 'relu.nothing' is no known defect of relu")]
    [TestCase(Bounded, "\"tier\": \"bounded\"", "\"tier\": \"exact\"", "tier: Exact, where the id spells Bounded")]
    [TestCase(
        Bounded, "\"bounds\": {\n\"outputs\": {\n  \"output\":", "\"bounds\": {\n\"outputs\": {\n  \"loss\":",
        "bounds.outputs.loss: there is no such expected tensor")]
    [TestCase(Recipe, "\"low\": -3", "\"low\": 4", "inputs.input.fill.low: 4 is more than high, 3")]
    [TestCase(Refused, "larger than", "as large as", "expected: the kernel 5×5")]
    public void WhatDoesNotBelongTogetherIsRefusedByTheReader(string file, string before, string after, string message)
    {
        _fixtures.Edit(file, before, after);
        AssertRefused(file, message);
    }

    [Test]
    public void HalfAFileIsRefused()
    {
        var text = File.ReadAllText(_fixtures.At(Exact));
        File.WriteAllText(_fixtures.At(Exact), text[..(text.Length / 2)]);
        AssertRefused(Exact, "JSON: ");
    }

    [TestCase("\"conformance\": 1", "\"conformance\": 2", "conformance: version 2, this suite reads 1")]
    [TestCase("\"op\": \"relu\"", "\"op\": \"relu 6\"", "op: unknown operation 'relu 6'")]
    [TestCase("\"op\": \"relu\",", "\"op\": \"relu\", \"seed\": -1,", "seed: expected a whole number of 0 or more, got -1")]
    [TestCase("\"aspects\": {", "\"aspects\": { \"x\": 1, ", "aspects.x: expected a text, got 1")]
    [TestCase("\"cases\": [", "\"case\": [", "case: unknown")]
    [TestCase("\"why\": \"a reason\",", "", "relu/n1c1h1w7.why: missing")]
    [TestCase("\"why\": \"a reason\"", "\"why\": 1", "relu/n1c1h1w7.why: expected a text, got 1")]
    [TestCase("\"why\"", "\"because\"", "relu/n1c1h1w7.because: unknown")]
    [TestCase("\"catches\": [", "\"catches\": [1, ", "relu/n1c1h1w7.catches[0]: expected a text, got 1")]
    [TestCase("\"case\": \"n1c1h1w7\"", "\"case\": \"../../x\"", "cases[0].case: '../../x' is no name of a case")]
    [TestCase("\"case\": \"n1c1h1w7\"", "\"case\": \"/etc/x\"", "cases[0].case: '/etc/x' is no name of a case")]
    [TestCase("\"case\": \"n1c1h1w7\"", "\"case\": \"n1..h\"", "cases[0].case: 'n1..h' is no name of a case")]
    public void AWrongCaseFileIsRefusedByReaderAndSchema(string before, string after, string message)
    {
        _fixtures.Edit(Cases, before, after);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => CaseFile.Read(_fixtures.At(Cases)),
                Throws.TypeOf<FixtureException>().With.Message.StartsWith($"{_fixtures.At(Cases)}: {message}"));
            Assert.That(_schemas.ProblemsOfCases(File.ReadAllText(_fixtures.At(Cases))), Is.Not.Empty);
        });
    }

    [TestCase("\"aspects\": [\"narrow\"]", "\"aspects\": [\"wide\"]", "relu/n1c1h1w7: covers 'wide', which is none of the file's aspects")]
    [TestCase("\"catches\": [\"mask-missing\"]", "\"catches\": [\"nothing\"]", "relu/n1c1h1w7: catches 'relu.nothing', which is no known defect")]
    [TestCase("\"case\": \"n9c4h40w41\"", "\"case\": \"n1c1h1w7\"", "relu/n1c1h1w7: stands there twice")]
    [TestCase("\"op\": \"relu\",", "\"op\": \"relu\", \"op\": \"relu\",", "JSON: Duplicate property")]
    public void ACaseFileThatContradictsItselfIsRefused(string before, string after, string message)
    {
        _fixtures.Edit(Cases, before, after);
        Assert.That(
            () => CaseFile.Read(_fixtures.At(Cases)),
            Throws.TypeOf<FixtureException>().With.Message.StartsWith($"{_fixtures.At(Cases)}: {message}"));
    }

    [TestCase("[")]
    [TestCase("{\"a\":")]
    public void AHundredMegabytesOfNestingCostNothing(string open)
    {
        using (var file = File.CreateText(_fixtures.At(Exact)))
            for (var written = 0; written < 100_000_000; written += 1000 * open.Length)
                file.Write(string.Concat(Enumerable.Repeat(open, 1000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(Exact, "file: more than 4 MiB");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(64_000_000));
        File.WriteAllText(_fixtures.At(Exact), string.Concat(Enumerable.Repeat(open, 1000)));
        AssertRefused(Exact, "JSON: The maximum configured depth of 16");
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void ASymbolicLinkIsReadLikeTheFile()
    {
        File.Move(_fixtures.At(Exact), _fixtures.At("elsewhere"));
        File.CreateSymbolicLink(_fixtures.At(Exact), _fixtures.At("elsewhere"));
        Assert.That(VectorFile.Read(_fixtures.At(Exact)).Case.Id, Is.EqualTo(SmallFixtures.Exact));
    }

    private void AssertRefused(string file, string message) =>
        Assert.That(
            () => VectorFile.Read(_fixtures.At(file)),
            Throws.TypeOf<FixtureException>().With.Message.StartsWith(_fixtures.At(file) + ": ").And.Message.Contains(message));
}
