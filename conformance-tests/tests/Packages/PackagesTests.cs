using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Conformance.Cli.Shared;
using Conformance.Engine.Networks;
using Conformance.Suite.Reporting;

namespace Conformance.Tests.Packages;

/// <summary>The packages as a stranger uses them: from a local folder, in projects that know nothing else of ours.</summary>
[Category("Long")]
internal sealed class PackagesTests : IDisposable
{
    private static readonly string[] Torches = ["torch", "c10", "SkiaSharp"];

    private PackedPackages _packages = null!;

    private Dictionary<string, string> _built = [];

    [OneTimeSetUp]
    public void Pack()
    {
        _built = PackedPackages.Built();
        _packages = new();
    }

    public void Dispose() => _packages?.Dispose(); // NUnit calls it when all is done

    [Test]
    public void PackingLeavesTheProgramsOfTheBuildAsTheyAre() => Assert.That(PackedPackages.Built(), Is.EqualTo(_built));

    [TestCase("Conformance.Oracle", "")]
    [TestCase("Conformance.Torch", "Conformance.Oracle TorchSharp-cpu")]
    [TestCase("Conformance.Suite", "Conformance.Oracle")]
    [TestCase("Conformance.NUnit", "Conformance.Suite NUnit")]
    public void ALibraryCarriesItsPageLicenceAndDocumentationAndAsksForNoMore(string id, string dependencies)
    {
        using var package = Open(id, "nupkg");
        Assert.That(Names(package), Is.SupersetOf(new[] { "README.md", "LICENSE", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" }));
        using var manifest = package.GetEntry($"{id}.nuspec")!.Open();
        var elements = XDocument.Load(manifest).Descendants().ToLookup(element => element.Name.LocalName);
        using var symbols = Open(id, "snupkg");
        Assert.Multiple(() =>
        {
            Assert.That(
                elements["dependency"].Select(element => element.Attribute("id")!.Value),
                Is.EqualTo(dependencies.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            Assert.That(elements["license"].Single().Value, Is.EqualTo("MIT"));
            Assert.That(elements["repository"].Single().Attribute("commit")?.Value, Has.Length.EqualTo(40), "the commit that it was made from");
            Assert.That(Names(symbols), Does.Contain($"lib/net10.0/{id}.pdb"));
        });
    }

    /// <summary>Every file of every package: it says nothing of the machine that made it.</summary>
    [Test]
    public void NoPackageHasAPathOfThisMachine()
    {
        string[] paths = [Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Path.GetTempPath().TrimEnd('/')];
        byte[][] sought = [.. paths.Where(path => path.Length > 4)
            .SelectMany(path => new[] { Encoding.UTF8.GetBytes(path + "/"), Encoding.Unicode.GetBytes(path + "/") })];
        var found = new List<string>();
        foreach (var file in Packages())
        {
            using var package = ZipFile.OpenRead(file);
            foreach (var entry in package.Entries.Where(entry => !IsOfOthers(entry.Name))) // theirs have the paths of their makers
            {
                using var stream = entry.Open();
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                if (sought.Any(path => bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(path) >= 0))
                    found.Add($"{Path.GetFileName(file)}: {entry.FullName}");
            }
        }
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void PackedAgainEveryPackageHasTheSameBytes()
    {
        var first = Packages().ToDictionary(path => Path.GetFileName(path)!, File.ReadAllBytes);
        _packages.Pack(_packages.Scratch("again"));
        foreach (var path in Directory.GetFiles(_packages.Scratch("again")))
            Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(first[Path.GetFileName(path)]), Path.GetFileName(path));
    }

    [Test]
    public void WhatIsShippedOfOthersHasItsNotice()
    {
        using var package = Open("Conformance.Cli", "nupkg");
        using var reader = new StreamReader(package.GetEntry("THIRD-PARTY-NOTICES.txt")!.Open());
        var notices = reader.ReadToEnd();
        var libraries = Names(package).Select(name => Path.GetFileName(name)!)
            .Where(IsOfOthers).ToArray();
        Assert.That(libraries, Does.Contain("Google.Protobuf.dll"));
        Assert.That(libraries.Where(name => !notices.Contains($"[{name}]", StringComparison.Ordinal)), Is.Empty);
        Assert.That(
            notices, Does.Contain("Redistributions in binary form").And.Contain("Permission is hereby granted").And.Contain("Apache License"));
    }

    [Test]
    public void NUnitShowsOneTestForEachCaseAndNamesTheMistake()
    {
        var (folder, reports) = (_packages.Copy("csharp-nunit"), Path.Combine("bin", "Debug", "net10.0", "conformance", "LinearConformance"));
        var cases = Repository.Cases.Count(entry => entry.Id.StartsWith("linear/", StringComparison.Ordinal));
        var right = _packages.Run(folder, "dotnet", "test");
        Assert.That(right.Exit, Is.Zero, right.Said);
        Assert.That(right.Said, Does.Match($@"Failed: +0, Passed: +{cases + 2}, Skipped: +0"));
        Assert.That(
            Results.Read(Path.Combine(folder, reports, Results.FileName)).Summary,
            Is.EqualTo(new Dictionary<string, int> { ["pass"] = cases }));

        Break(folder);
        var wrong = _packages.Run(folder, "dotnet", "test");
        var results = Results.Read(Path.Combine(folder, reports, Results.FileName));
        Assert.Multiple(() =>
        {
            Assert.That(wrong.Exit, Is.EqualTo(1));
            Assert.That(
                wrong.Said,
                Does.Contain("each row overwrites the bias gradient of those before").And.Contain("[linear.bias-gradient-last-row]")
                    .And.Match($@"Failed: +{results.Summary["fail"]},"));
            Assert.That(results.Diagnoses.Select(cause => cause.Id), Is.EqualTo(new[] { "linear.bias-gradient-last-row" }));
        });
    }

    [Test]
    public void XunitDoesTheSameWithTenLines()
    {
        var (nunit, folder) = (_packages.Copy("csharp-nunit"), _packages.Copy("csharp-xunit"));
        var cases = Repository.Cases.Count(entry => entry.Id.StartsWith("linear/", StringComparison.Ordinal));
        var right = _packages.Run(folder, "dotnet", "test");
        Assert.That(right.Exit, Is.Zero, right.Said);
        Assert.That(right.Said, Does.Match($@"Failed: +0, Passed: +{cases}, Skipped: +0"));

        Break(nunit);
        var wrong = _packages.Run(folder, "dotnet", "test");
        Assert.That((wrong.Exit, wrong.Said), Is.EqualTo((1, wrong.Said)));
        Assert.That(wrong.Said, Does.Contain("[linear.bias-gradient-last-row]"));
    }

    [Test]
    public void TheToolJudgesOutsideACloneAndSaysWhatNeedsOne()
    {
        using (var package = Open("Conformance.Cli", "nupkg"))
            Assert.That(
                Names(package).Where(name => Torches.Any(torch => Path.GetFileName(name).Contains(torch, StringComparison.OrdinalIgnoreCase))),
                Is.Empty);
        var (bin, elsewhere) = (_packages.Scratch("bin"), _packages.Scratch("elsewhere"));
        var installed = _packages.Run(
            elsewhere, "dotnet", "tool", "install", "Conformance.Cli", "--tool-path", bin, "--add-source", _packages.Folder);
        Assert.That(installed.Exit, Is.Zero, installed.Said);

        var tool = Path.Combine(bin, "conformance");
        var check = _packages.Run(elsewhere, tool, "check", "--op", "relu");
        var served = Served(tool, elsewhere);
        var seed = _packages.Run(elsewhere, tool, "check", "--seed", "7");
        File.WriteAllBytes(
            Path.Combine(elsewhere, "w.safetensors"), WeightsFile.ToBytes(NamedNetworks.Resolve("lenet"), NamedNetworks.Resolve("lenet").Build(1)));
        var export = _packages.Run(elsewhere, tool, "export", "--weights", "w.safetensors", "--out", "lenet.onnx");
        var compare = _packages.Run(elsewhere, tool, "compare");
        var regenerate = _packages.Run(elsewhere, tool, "fixtures", "regenerate");
        Assert.Multiple(() =>
        {
            Assert.That((check.Exit, check.Said), Is.EqualTo((0, check.Said)));
            Assert.That(File.Exists(Path.Combine(elsewhere, "artifacts", "check", Results.FileName)));
            Assert.That((seed.Exit, seed.Said), Is.EqualTo((0, seed.Said)));
            Assert.That((served.Exit, served.Said), Is.EqualTo((0, served.Said)));
            Assert.That((export.Exit, export.Said), Is.EqualTo((0, export.Said)));
            Assert.That(
                (compare.Exit, compare.Said),
                Is.EqualTo((3, "error: torch is not part of this program: run this inside a clone of the repository, through tools/conformance"
                    + Environment.NewLine)));
            Assert.That((regenerate.Exit, regenerate.Said.Split('\n').Length), Is.EqualTo((3, 2)), regenerate.Said);
        });
    }

    /// <summary>Torch as the oracle in a project of one's own, which asks for this system's libtorch alone, as the package's page says.</summary>
    [Test]
    [Platform("Linux")]
    public void TheOracleOfTorchAnswersInAProjectOfOnesOwn()
    {
        LiveTorch.Require();
        var folder = _packages.Scratch("torch");
        var page = File.ReadAllText(Path.Combine(Repository.Root, "reference", "torch", "README.md"));
        File.WriteAllText(
            Path.Combine(folder, "Program.cs"),
            $"using Conformance.Oracle;\nusing Conformance.Torch;\n{Sample(page, "csharp")}"
                + "Console.WriteLine(torch.Name + \": \" + expected.Outputs[\"output\"].Length);\n");
        File.WriteAllText(Path.Combine(folder, "Sample.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
            <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
            <ItemGroup><PackageReference Include="Conformance.Torch" Version="*" /></ItemGroup>
            {Sample(page, "xml")}</Project>
            """);
        var run = _packages.Run(folder, "dotnet", "run", "--property:RestoreAdditionalProjectSources=" + _packages.Folder);
        Assert.That(run.Exit, Is.Zero, run.Said);
        Assert.That(run.Said, Does.EndWith($"TorchSharp 0.107.0 (libtorch 2.10.0): {2 * 4 * 4 * 7}\n"));
        Assert.That(
            Directory.EnumerateFiles(folder, "libtorch_cpu.so", SearchOption.AllDirectories),
            Is.Empty,
            "half a gigabyte for each output folder");

        static string Sample(string page, string language) => page.Split($"```{language}\n")[1].Split("```")[0];
    }

    /// <summary>A program made of the packages, judged by the tool over the protocol.</summary>
    private (int Exit, string Said) Served(string tool, string elsewhere)
    {
        _packages.Copy("csharp-nunit");
        _packages.Copy("csharp-xunit");
        var folder = _packages.Copy("csharp-console");
        var built = _packages.Run(folder, "dotnet", "build", "-o", "built");
        Assert.That(built.Exit, Is.Zero, built.Said);
        return _packages.Run(elsewhere, tool, "check", "--op", "linear", "--command", $"dotnet {Path.Combine(folder, "built", "Sample.dll")}");
    }

    /// <summary>The bias gradient of the last row alone.</summary>
    private static void Break(string folder)
    {
        var path = Path.Combine(folder, "Linear.cs");
        var text = File.ReadAllText(path);
        Assert.That(text, Does.Contain("BiasGradient[o] += d;"));
        File.WriteAllText(path, text.Replace("BiasGradient[o] += d;", "BiasGradient[o] = d;", StringComparison.Ordinal));
    }

    private static bool IsOfOthers(string name) =>
        name.EndsWith(".dll", StringComparison.Ordinal) && !name.StartsWith("Conformance.", StringComparison.Ordinal);

    private string[] Packages() => Directory.GetFiles(_packages.Folder, "*.*nupkg");

    private ZipArchive Open(string id, string extension) => ZipFile.OpenRead(Directory.GetFiles(_packages.Folder, $"{id}.*.{extension}").Single());

    private static string[] Names(ZipArchive package) => [.. package.Entries.Select(entry => entry.FullName)];
}
