using System.IO.Compression;
using System.Xml.Linq;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Engine;

/// <summary>The engine as the package that `dotnet pack engine` makes.</summary>
internal sealed class PackageTests
{
    private static readonly string Configuration =
        Path.GetFileName(TestContext.CurrentContext.TestDirectory).StartsWith("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    [Test]
    public void ItHasNoDependencyAndCarriesItsPageAndItsDocumentation()
    {
        using var folder = new TemporaryDirectory();
        // it leaves folders there
        var (exit, output, error) = Programs.Run(
            "dotnet", ["pack", "engine", "--no-build", "-c", Configuration, "-o", folder.Path], "", ("TMPDIR", folder.Path));
        Assert.That(exit, Is.Zero, output + error);

        using var package = ZipFile.OpenRead(Directory.GetFiles(folder.Path, "*.nupkg").Single());
        var files = package.Entries.Select(entry => entry.FullName).ToArray();
        Assert.That(
            files,
            Is.SupersetOf(new[] { "README.md", "LICENSE", "lib/net10.0/Conformance.Engine.dll", "lib/net10.0/Conformance.Engine.xml" }));
        using var manifest = package.GetEntry("Conformance.Engine.nuspec")!.Open();
        var elements = XDocument.Load(manifest).Descendants().ToArray();
        Assert.That(elements.Select(element => element.Name.LocalName), Does.Contain("dependencies").And.Not.Contain("dependency"));
    }
}
