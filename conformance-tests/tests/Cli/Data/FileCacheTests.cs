using System.Security.Cryptography;
using System.Text;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;

namespace Conformance.Tests.Cli.Data;

/// <summary>Only whole files get into the cache, whatever a source does.</summary>
public sealed class FileCacheTests
{
    private static readonly byte[] Images = Encoding.ASCII.GetBytes("all the images"), Labels = Encoding.ASCII.GetBytes("all the labels");
    private static readonly DataFile[] Files = [FileOf("images", Images), FileOf("labels", Labels)];

    private string _directory = "";
    private readonly List<string> _said = [];

    [SetUp]
    public void CreateDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("conformance-cache-").FullName;
        _said.Clear();
    }

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void FetchesEachFileOnceAndThenWorksOffline()
    {
        var source = new Source { ["images"] = Images, ["labels"] = Labels };

        var paths = Cache(source).Ensure();
        Cache(source).Ensure();

        Assert.That(paths.Select(File.ReadAllBytes), Is.EqualTo(new[] { Images, Labels }));
        Assert.That(source.Asked, Is.EqualTo(Files.Select(file => file.Name)));
        Assert.That(Cache().Ensure(), Is.EqualTo(paths), "without any source");
        Assert.That(Leftovers(), Is.Empty);
    }

    [Test]
    public void AWrongByteOfTheRightLengthIsNotTaken()
    {
        byte[] wrong = [.. Labels];
        wrong[3] ^= 1;

        Refused(new Source { ["images"] = Images, ["labels"] = wrong }, "labels: expected SHA-256");
    }

    [Test]
    public void AFileCutShortIsNotTaken() =>
        Refused(new Source { ["images"] = Images, ["labels"] = Labels[..5] }, "labels: expected 14 bytes, got 5");

    [Test]
    public void WhatIsWholeIsKeptWhenTheSourceBreaksOff()
    {
        var error = Assert.Throws<UserError>(() => Cache(new Source { ["images"] = Images }).Ensure())!;

        Assert.That(error.Message, Does.StartWith("labels can't be had"));
        Assert.That(File.ReadAllBytes(InCache("images")), Is.EqualTo(Images));
        var next = new Source { ["images"] = Images, ["labels"] = Labels };
        Cache(next).Ensure();
        Assert.That(next.Asked.Single(), Is.EqualTo("labels"));
    }

    [Test]
    public void TheNextSourceGivesWhatTheFirstOneHasNot()
    {
        var first = new Source { ["images"] = Images };
        var second = new Source { ["images"] = Images, ["labels"] = Labels };

        Cache(first, second).Ensure();

        Assert.That(second.Asked.Single(), Is.EqualTo("labels"));
    }

    [Test]
    public void AFileDamagedInTheCacheIsFetchedAgain()
    {
        var source = new Source { ["images"] = Images, ["labels"] = Labels };
        Cache(source).Ensure();
        byte[] damaged = [.. Images];
        damaged[0] ^= 1;
        File.WriteAllBytes(InCache("images"), damaged);

        Cache(source).Ensure();

        Assert.That(File.ReadAllBytes(InCache("images")), Is.EqualTo(Images));
        Assert.That(string.Join(" ", source.Asked), Is.EqualTo("images labels images"));
    }

    [Test]
    public void WhatAKilledRunLeftIsClearedAway()
    {
        Directory.CreateDirectory(InCache("arriving"));
        File.WriteAllBytes(Path.Combine(InCache("arriving"), "images"), Images[..3]);

        Cache(new Source { ["images"] = Images, ["labels"] = Labels }).Ensure();

        Assert.That(File.ReadAllBytes(InCache("images")), Is.EqualTo(Images));
        Assert.That(Leftovers(), Is.Empty);
    }

    [Test]
    public void ACancelledFetchStopsAndLeavesNoHalfFile()
    {
        using var cancel = new CancellationTokenSource();
        var source = new Source { ["images"] = Images, ["labels"] = Labels, Before = name => { if (name == "labels") cancel.Cancel(); } };

        Assert.Throws<OperationCanceledException>(() => Cache(source).Ensure(cancel.Token));

        Assert.That(File.Exists(InCache("labels")), Is.False);
        Assert.That(Leftovers(), Is.Empty);
    }

    [Test]
    public async Task TwoRunsAtOnceFetchOnce()
    {
        var slow = new Source { ["images"] = Images, ["labels"] = Labels, Before = _ => Thread.Sleep(300) };
        var second = new Source { ["images"] = Images, ["labels"] = Labels };

        var running = Task.Run(() => Cache(slow).Ensure());
        SpinWait.SpinUntil(() => slow.Asked.Count > 0, TimeSpan.FromSeconds(10));
        Cache(second).Ensure();
        await running;

        Assert.That(second.Asked, Is.Empty);
        Assert.That(_said, Has.Some.StartsWith("waiting for another run"));
    }

    [Test]
    public void ACacheInAnImpossiblePlaceIsOneLineAndExitCode3()
    {
        var file = InCache("a file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<UserError>(() => new FileCache(Path.Combine(file, "mnist"), Files, [], _said.Add).Ensure())!;

        Assert.That(error.ExitCode, Is.EqualTo(3));
        Assert.That(error.Message, Does.Contain("a file").And.Contain("--data DIR").And.Not.Contain("\n"));
    }

    private void Refused(Source source, string reason)
    {
        var error = Assert.Throws<UserError>(() => Cache(source).Ensure())!;

        Assert.That(error.ExitCode, Is.EqualTo(3));
        Assert.That(_said, Has.Some.Contains(reason));
        Assert.That(File.Exists(InCache("labels")), Is.False);
        Assert.That(Leftovers(), Is.Empty);
    }

    private FileCache Cache(params Source[] sources) => new(_directory, Files, sources, line => { lock (_said) _said.Add(line); });

    private string InCache(string name) => Path.Combine(_directory, name);

    private IEnumerable<string> Leftovers() =>
        Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName).Except(["images", "labels", "lock"])!;

    private static DataFile FileOf(string name, byte[] content) => new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>Gives the contents it was given, and nothing for other names.</summary>
    private sealed class Source : Dictionary<string, byte[]>, IDataSource
    {
        public string Name => "a test source";
        public List<string> Asked { get; } = [];
        public Action<string> Before { get; init; } = _ => { };

        public IEnumerable<DataFile> Fetch(IReadOnlyList<DataFile> files, string directory, CancellationToken cancel)
        {
            foreach (var file in files)
            {
                Asked.Add(file.Name);
                Before(file.Name);
                cancel.ThrowIfCancellationRequested();
                if (!TryGetValue(file.Name, out var content))
                    throw new DataUnavailableException($"no {file.Name} here");
                File.WriteAllBytes(Path.Combine(directory, file.Name), content);
                yield return file;
            }
        }
    }
}
