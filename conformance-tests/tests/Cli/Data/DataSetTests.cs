using System.IO.Compression;
using System.Security.Cryptography;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Engine.Data;

namespace Conformance.Tests.Cli.Data;

/// <summary>The sets that have a name, and Debian's package as a source of one.</summary>
public sealed class DataSetTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(20_000);
    private static readonly DataFile Wanted = new("some-idx1-ubyte", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));

    private string _directory = "";
    private readonly List<string> _said = [];

    [SetUp]
    public void CreateDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("conformance-set-").FullName;
        Directory.CreateDirectory(InDirectory("package"));
        _said.Clear();
    }

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void TheCachedFilesAreThePublishedOnes()
    {
        var paths = LiveMnist.Require();

        // 16 and 8 bytes of header, then a byte for each pixel and label.
        Assert.That(new FileInfo(paths.TrainImages).Length, Is.EqualTo(16 + 60_000 * 28 * 28));
        Assert.That(new FileInfo(paths.TestLabels).Length, Is.EqualTo(8 + 10_000));
    }

    [Test]
    public void FashionMnistIsWhatDebiansPackageHas()
    {
        var source = new DebianSource("dataset-fashion-mnist", "/usr/share/datasets/fashion-mnist", launcher: null, _said.Add);
        if (!source.IsInstalled)
            throw Lacking.Skip("dataset-fashion-mnist is not installed (Debian: apt-get install dataset-fashion-mnist)");

        var paths = new DataPaths(new FileCache(InDirectory("cache"), DataSet.FashionMnist.Files, [source], _said.Add).Ensure());
        var (train, test) = (ImageSet.Load(paths.TrainImages, paths.TrainLabels), ImageSet.Load(paths.TestImages, paths.TestLabels));

        Assert.That((train.Count, train.Height, train.Width, test.Count), Is.EqualTo((60_000, 28, 28, 10_000)));
        Assert.That(train.Labels.ToArray().CountBy(label => label).Select(pair => pair.Value), Is.All.EqualTo(6_000), "which tells it from MNIST");
    }

    [Test]
    public void EachSetNamesTenClassesAndKeepsItsFilesApart()
    {
        Assert.That(DataSet.All.Select(set => set.Classes.Distinct().Count()), Is.All.EqualTo(ImageSet.Classes));
        Assert.That(DataSet.All.Select(set => set.CacheDirectory()), Is.Unique);
        Assert.That(DataSet.All.SelectMany(set => set.Files).Select(file => file.Sha256), Is.Unique);
    }

    [Test]
    public void APackageIsUnpacked()
    {
        Pack(Content);

        Assert.That(File.ReadAllBytes(Cache().Ensure().Single()), Is.EqualTo(Content));
    }

    [TestCase(19_999, "expected 20,000 bytes, got 19,999")]
    [TestCase(5_000_000, "expected 20,000 bytes, got 20,001")]
    public void AnotherLengthIsNotTaken(int length, string said)
    {
        Pack(new byte[length]);

        Refused(said);
    }

    [Test]
    public void AFileThatIsNoGzipIsNotTaken()
    {
        File.WriteAllBytes(InDirectory("package/some-idx1-ubyte.gz"), Content);

        Refused("some-idx1-ubyte.gz: ");
    }

    [Test]
    public void APackageWithoutTheFileIsSaid() => Refused("some-idx1-ubyte.gz: no such file");

    [Test]
    public void APackageThatIsNotThereIsOneLineWithTheCommand()
    {
        Directory.Delete(InDirectory("package"));

        var error = Assert.Throws<UserError>(() => Cache().Ensure())!;

        Assert.That(error.ExitCode, Is.EqualTo(3));
        Assert.That(
            error.Message,
            Does.Contain("apt-get install -y --no-install-recommends a-package").And.Contain("--data DIR").And.Not.Contain("\n"));
    }

    /// <summary>With a script in the launcher's place that says which package it was to install, and installs it.</summary>
    [Test]
    [Platform("Linux")]
    public void APackageThatIsNotThereIsInstalledByTheLauncher()
    {
        Pack(Content);
        Directory.Move(InDirectory("package"), InDirectory("elsewhere"));
        Script($"mv '{InDirectory("elsewhere")}' '{InDirectory("package")}' && echo \"$@\" > '{InDirectory("asked")}'");

        Assert.That(File.ReadAllBytes(Cache(_directory).Ensure().Single()), Is.EqualTo(Content));
        Assert.That(File.ReadAllText(InDirectory("asked")), Is.EqualTo("a-package\n"));
    }

    [Test]
    [Platform("Linux")]
    public void APackageThatCanNotBeInstalledIsSaid()
    {
        Directory.Delete(InDirectory("package"));
        Script("exit 3");

        Assert.That(Assert.Throws<UserError>(() => Cache(_directory).Ensure())!.Message, Does.StartWith("a-package was not installed"));
        Assert.That(_said, Has.Some.Contains("a-package, which has it too, is not installed"));
    }

    private FileCache Cache(string? launcher = null)
    {
        var source = new DebianSource("a-package", InDirectory("package"), launcher, _said.Add);
        return new(InDirectory("cache"), [Wanted], [source], _said.Add);
    }

    private void Script(string line)
    {
        Directory.CreateDirectory(InDirectory("tools"));
        File.WriteAllText(InDirectory("tools/apt-install.sh"), $"#!/bin/sh\n{line}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(InDirectory("tools/apt-install.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void Refused(string said)
    {
        Assert.That(Assert.Throws<UserError>(() => Cache().Ensure())!.ExitCode, Is.EqualTo(3));
        Assert.That(_said, Has.Some.Contains(said));
        Assert.That(File.Exists(InDirectory("cache/some-idx1-ubyte")), Is.False);
    }

    private void Pack(byte[] content)
    {
        using var gzip = new GZipStream(File.Create(InDirectory("package/some-idx1-ubyte.gz")), CompressionLevel.Fastest);
        gzip.Write(content);
    }

    private string InDirectory(string name) => Path.Combine(_directory, name);
}
