using Conformance.Suite.Fixtures;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>What the library carries is the folder <c>fixtures</c>, file for file.</summary>
internal sealed class PackedFixturesTests
{
    [Test]
    public void TheyAreTheFolderItself() => Assert.That(FixtureFolder.Packed.Hash(), Is.EqualTo(Repository.Fixtures.Hash()));

    [Test]
    public void EveryCaseHasItsVector()
    {
        var ids = FixtureFolder.Packed.Cases().Select(entry => entry.Id).ToArray();
        Assert.That(ids, Is.EqualTo(Repository.Cases.Select(entry => entry.Id)));
        Assert.That(ids.Where(id => !FixtureFolder.Packed.Has(id)), Is.Empty);
    }

    [TestCase("conv2d/n1c1h5w7-o1-k3")]
    [TestCase("relu/n1c1h1w7")]
    public void AVectorReadsAsOnDisk(string id) =>
        Assert.That(VectorText.Render(FixtureFolder.Packed.Vector(id)), Is.EqualTo(VectorText.Render(Repository.Fixtures.Vector(id))));

    [Test]
    public void WhatIsNotThereIsNamed() =>
        Assert.That(
            () => FixtureFolder.Packed.Vector("relu/n9c9"),
            Throws.TypeOf<FixtureException>().With.Message.Contains("relu/n9c9.json".Replace('/', Path.DirectorySeparatorChar)));

    [Test]
    public void AnIdCanNotLeadOut() => Assert.That(() => FixtureFolder.Packed.Vector("relu/../../x"), Throws.ArgumentException);
}
