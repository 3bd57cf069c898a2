using Conformance.Cli.Fixtures;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>Tests of which differences count as a change of a stored vector.</summary>
internal sealed class VectorChangeTests
{
    private static StoredVector Make(string id, double relative = 0, params string[] catches) => new Generator(
        new OracleAsReference((_, value) => value * (1 + relative)), "a test").Make(new(id, "", [], catches));

    [TestCase("cross_entropy/n5c7-mean")]
    [TestCase("linear/n3-i5-o4-float")]
    public void TheLastBitsOfAnotherCpuAreNone(string id) => Assert.That(VectorChange.Between(Make(id), Make(id, 1e-15)), Is.Empty);

    [Test]
    public void MoreThanTheLastBitsIsNamedWithItsPlaceAndSize()
    {
        var changes = VectorChange.Between(Make("cross_entropy/n5c7-none"), Make("cross_entropy/n5c7-none", 1e-11));
        Assert.That(changes.Select(change => change.Field), Does.Contain("expected.gradients.input"));
        Assert.That(changes[0].What, Does.Match(@"^\d+ of 35 elements, by \S+ at most, at \[\d,\d\]: \S+ becomes \S+$"));
        Assert.That(changes.Where(change => change.Field != "provenance.referenceFloat32Error"), Has.All.Property("IsValue").True);
    }

    [Test]
    public void AnotherClaimMovesNoValue()
    {
        var changes = VectorChange.Between(Make("relu/n1c1h1w7"), Make("relu/n1c1h1w7", 0, "relu.mask-missing"));
        Assert.That(changes.Select(change => change.Field), Is.EqualTo(new[] { "catches", "separation" }));
        Assert.That(changes, Has.All.Property("IsValue").False);
    }

    [Test]
    public void AnotherInputIs()
    {
        var stored = Make("relu/n1c1h1w7");
        var moved = new Dictionary<string, Tensor64> { ["input"] = stored.Case.Input("input").Select(value => value + 1) };
        var other = stored with { Question = stored.Question with { Case = stored.Case with { Inputs = moved } } };
        Assert.That(VectorChange.Between(stored, other).Single().Field, Is.EqualTo("inputs.input"));
    }
}

/// <summary>A change breaks the manifest, and a missing aspect breaks the coverage.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FixtureFolderTests : IDisposable
{
    private readonly SmallFixtures _fixtures = new();

    public void Dispose() => _fixtures.Dispose();

    [Test]
    public void TheManifestNamesWhatWasChangedAddedAndRemoved()
    {
        Assert.That(Manifest.Problems(_fixtures.Folder), Is.Empty);
        _fixtures.Edit(SmallFixtures.Exact + ".json", "2", "3");
        File.WriteAllText(_fixtures.At("relu/more.json"), "{}");
        File.Delete(_fixtures.At(SmallFixtures.Bounded + ".json"));
        Assert.That(Manifest.Problems(_fixtures.Folder).Select(line => line.Split(": SHA-256")[0]), Is.EqualTo(new[]
        {
            "relu/more.json: not in manifest.json",
            "cross_entropy/n1c3-mean.json: in manifest.json, but there is no such file",
            "relu/n1c1h1w7.json",
        }));
    }

    [Test]
    public void AnAspectWithoutACaseAndAPassOfZerosAreNamed()
    {
        _fixtures.Edit("relu.cases.json", "\"aspects\": { ", "\"aspects\": { \"lonely\": \"nobody covers it\", ");
        var file = CaseFile.Read(_fixtures.At("relu.cases.json"));
        var vectors = _fixtures.Folder.Vectors().ToDictionary(
            vector => vector.Case.Id, vector => vector.Case.Id == SmallFixtures.Exact ? WithoutGradient(vector) : vector);
        Assert.That(Coverage.Problems(file, vectors), Is.EqualTo(new[]
        {
            "relu: aspect 'lonely': no case covers it",
            "relu: aspect 'narrow': gradients.input is 0 throughout in each of its cases (relu/n1c1h1w7)",
        }));
    }

    [Test]
    public void WhatTheRepositoryStoresFollowsTheSchemas()
    {
        var (schemas, folder) = (new Schemas(Repository.Fixtures), Repository.Fixtures);
        Assert.Multiple(() =>
        {
            Assert.That(
                folder.CasePaths().SelectMany(path => schemas.ProblemsOfCases(File.ReadAllText(path)).Select(problem => $"{path}: {problem}")),
                Is.Empty);
            Assert.That(
                folder.VectorPaths()
                    .AsParallel()
                    .SelectMany(path => schemas.ProblemsOfVector(File.ReadAllText(path)).Select(problem => $"{path}: {problem}")),
                Is.Empty);
        });
    }

    [Test]
    public void AnIdCanNotLeadOutOfTheFolder() =>
        Assert.That(() => _fixtures.Folder.PathOf("relu/../../x"), Throws.ArgumentException.With.Message.Contains("leads out of"));

    private static StoredVector WithoutGradient(StoredVector vector) => vector with
    {
        Question = vector.Question with
        {
            Expected = vector.Expected with
            {
                Gradients = vector.Expected.Gradients.ToDictionary(pair => pair.Key, pair => Tensor64.Zeros(pair.Value.Shape))
            }
        },
    };
}
