using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace Conformance.Tests.Engine;

/// <summary>The engine as the package that `dotnet pack engine` makes.</summary>
internal sealed class PackageTests
{
    private static readonly string Configuration =
        Path.GetFileName(TestContext.CurrentContext.TestDirectory).StartsWith("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    [Test]
    public void ItHasNoDependencyAndCarriesItsPageAndItsDocumentation()
    {
        var folder = Directory.CreateTempSubdirectory("conformance-pack-").FullName;
        try
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", ["pack", "engine", "--no-build", "-c", Configuration, "-o", folder])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
            })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, said);

            using var package = ZipFile.OpenRead(Directory.GetFiles(folder, "*.nupkg").Single());
            var files = package.Entries.Select(entry => entry.FullName).ToArray();
            Assert.That(files, Is.SupersetOf(new[] { "README.md", "LICENSE", "lib/net10.0/Conformance.Engine.dll", "lib/net10.0/Conformance.Engine.xml" }));
            using var manifest = package.GetEntry("Conformance.Engine.nuspec")!.Open();
            var elements = XDocument.Load(manifest).Descendants().ToArray();
            Assert.That(elements.Select(element => element.Name.LocalName), Does.Contain("dependencies").And.Not.Contain("dependency"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
