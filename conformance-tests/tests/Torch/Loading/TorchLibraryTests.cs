using System.Runtime.InteropServices;
using Conformance.Torch.Loading;

namespace Conformance.Tests.Torch.Loading;

/// <summary>What keeps torch from loading is one line that says which file or folder, and what to do; nothing half written is left.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TorchLibraryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("conformance-loading-").FullName;

    private string Packages => Directory.CreateDirectory(Path.Combine(_directory, "packages")).FullName;

    private string CacheFolder => Path.Combine(_directory, "cache");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [TestCase(true, false, Architecture.X64, "does not load on Windows")]
    [TestCase(true, false, Architecture.Arm64, "does not load on Windows")]
    [TestCase(false, true, Architecture.Arm64, "has no libtorch for this-system")]
    [TestCase(false, false, Architecture.X64, "has no libtorch for this-system")]
    [TestCase(false, true, Architecture.X64, null)]
    [TestCase(false, false, Architecture.Arm64, null)]
    public void ASystemWithoutItIsSaid(bool windows, bool linux, Architecture processor, string? reason) =>
        Assert.That(TorchLibrary.Unsupported("this-system", windows, linux, processor), reason is null ? Is.Null : Does.Contain(reason));

    [Test]
    [Platform("Linux")]
    public void AFileThatIsNowhereIsNamed() =>
        Assert.That(Refused(), Is.EqualTo(
            $"libgomp-98b21ff3.so.1 of the package TorchSharp-cpu is in none of {Packages}: "
                + "remove what is left of the package's folder and build again"));

    [Test]
    [Platform("Linux")]
    public void ATruncatedFileIsNamedWithBothLengths()
    {
        var path = Path.Combine(Packages, "libgomp-98b21ff3.so.1");
        File.WriteAllBytes(path, new byte[1000]);

        Assert.That(
            Refused(),
            Is.EqualTo($"{path} is damaged: it has 1,000 bytes, and 283,265 in the package. Remove the package's folder and build again"));
        Assert.That(Directory.Exists(CacheFolder), Is.False, "what is damaged is not noted as whole");
    }

    [Test]
    [Platform("Linux")]
    public void AnAlteredFileIsNamed()
    {
        var path = Path.Combine(Packages, "libgomp-98b21ff3.so.1");
        File.WriteAllBytes(path, new byte[283_265]);

        Assert.That(Refused(), Does.StartWith($"{path} is damaged: its SHA-256 is not that of the package"));
    }

    [Test]
    public void AFileOnceFoundWholeIsNotReadAgainUntilItChanges()
    {
        var (path, cache) = (Path.Combine(Packages, "file"), new Cache(CacheFolder));
        File.WriteAllText(path, "content");
        var file = new PackageFile("file", 7, PackageFiles.Hex("content"u8));
        Assert.That(PackageFiles.Fault(file, path, cache), Is.Null);
        var date = File.GetLastWriteTimeUtc(path);

        File.WriteAllText(path, "CONTENT");
        File.SetLastWriteTimeUtc(path, date);
        Assert.That(PackageFiles.Fault(file, path, cache), Is.Null, "same path, length and date: the note holds");
        File.SetLastWriteTimeUtc(path, date.AddSeconds(1));
        Assert.That(PackageFiles.Fault(file, path, cache), Does.Contain("SHA-256"));
    }

    [Test]
    public void ACacheKeepsAFileWholeAndMendsADamagedOne()
    {
        var cache = new Cache(CacheFolder);
        var path = cache.Keep("copy", "content"u8);
        Assert.That(File.ReadAllText(path), Is.EqualTo("content"));

        File.WriteAllText(path, "damaged");
        Assert.That(File.ReadAllText(cache.Keep("copy", "content"u8)), Is.EqualTo("content"));
        Assert.That(Directory.GetFiles(CacheFolder), Is.EqualTo([path]), "nothing half written is left");
    }

    [Test]
    [Platform("Linux")]
    public void ACacheWithoutRoomLeavesNothing()
    {
        File.WriteAllText(CacheFolder, "a file where the folder should be");

        Assert.That(() => new Cache(CacheFolder).Keep("copy", "content"u8), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(CacheFolder), Does.StartWith("a file"));
        Assert.That(() => new Cache(CacheFolder).TryKeep("note", "x"u8), Throws.Nothing, "a note is no more than time saved");
    }

    private string Refused() =>
        Assert.Throws<NotSupportedException>(() => TorchLibrary.Load([Packages], new(CacheFolder)))!.Message;
}
