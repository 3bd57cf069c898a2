using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;

namespace Conformance.Tests.Cli.Data;

/// <summary><c>--data</c>: the user's own files, and nothing is downloaded.</summary>
public sealed class DataPathsTests
{
    private string _directory = "";

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("conformance-data-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [TestCase("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [TestCase("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [TestCase("train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte.gz", "t10k-images-idx3-ubyte", "t10k-labels.idx1-ubyte")]
    public void FindsTheUsualSpellings(params string[] names)
    {
        Write(names);

        Assert.That(AsList(OwnFiles.Locate([_directory])), Is.EqualTo(names.Select(InDirectory)));
    }

    [Test]
    public void TakesFourFilesOfAnyName()
    {
        string[] names = ["letters", "their names", "more.gz", "z"];
        Write(names);

        Assert.That(AsList(OwnFiles.Locate([.. names.Select(InDirectory)])), Is.EqualTo(names.Select(InDirectory)));
    }

    [TestCase(2), TestCase(3), TestCase(5)]
    public void AnotherNumberOfFilesIsRefused(int count) =>
        Assert.That(
            Refusal([.. Enumerable.Repeat(_directory, count)]),
            Does.StartWith("--data: expected a directory").And.Contain("four files").And.EndWith($"got {count} values"));

    [Test]
    public void OneOfFourThatIsNoFileIsNamed()
    {
        Write("a", "b", "c");

        Assert.That(
            Refusal(InDirectory("a"), InDirectory("b"), InDirectory("c"), InDirectory("d")),
            Does.StartWith($"--data {InDirectory("d")}: no such file"));
        Assert.That(
            Refusal(InDirectory("a"), InDirectory("b"), InDirectory("c"), _directory),
            Does.StartWith($"--data {_directory}: expected one of four files, got a directory"));
    }

    [Test]
    public void AMissingFileIsNamed()
    {
        Write("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte");

        Refused(_directory, "t10k-labels-idx1-ubyte is missing");
    }

    [Test]
    public void ADirectoryInAFilesPlaceIsNamed()
    {
        Directory.CreateDirectory(InDirectory("train-images-idx3-ubyte"));

        Refused(_directory, "expected a file, got a directory");
    }

    [Test]
    public void ADirectoryThatIsNotThere() => Refused(InDirectory("none"), "no such directory");

    [Test]
    public void AFileInTheDirectorysPlace()
    {
        Write("file");

        Refused(InDirectory("file"), "got a file");
    }

    private static void Refused(string directory, string reason) =>
        Assert.That(Refusal(directory), Does.StartWith("--data " + directory).And.Contain(reason));

    private static string Refusal(params string[] data)
    {
        var error = Assert.Throws<UserError>(() => OwnFiles.Locate(data))!;

        Assert.That(error.ExitCode, Is.EqualTo(2));
        Assert.That(error.Message, Does.Not.Contain("\n"));
        return error.Message;
    }

    private static string[] AsList(DataPaths paths) => [paths.TrainImages, paths.TrainLabels, paths.TestImages, paths.TestLabels];

    private void Write(params string[] names)
    {
        foreach (var name in names)
            File.WriteAllText(InDirectory(name), "");
    }

    private string InDirectory(string name) => Path.Combine(_directory, name);
}
