using Conformance.Cli;
using Conformance.Cli.Data;
using NUnit.Framework;

namespace Conformance.Tests.Data;

/// <summary><c>--data DIR</c>: the user's own files, and nothing is downloaded.</summary>
public sealed class MnistTests
{
    private string _directory = "";

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("conformance-data-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [TestCase("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [TestCase("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [TestCase("train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte.gz", "t10k-images-idx3-ubyte", "t10k-labels.idx1-ubyte")]
    public void Finds_the_usual_spellings(params string[] names)
    {
        Write(names);

        var paths = Mnist.Ensure(_directory, Nothing);

        Assert.That(new[] { paths.TrainImages, paths.TrainLabels, paths.TestImages, paths.TestLabels },
            Is.EqualTo(names.Select(name => Path.Combine(_directory, name))));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        Write("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte");

        Refused(_directory, "t10k-labels-idx1-ubyte is missing");
    }

    [Test]
    public void A_directory_in_a_files_place_is_named()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "train-images-idx3-ubyte"));

        Refused(_directory, "expected a file, got a directory");
    }

    [Test]
    public void A_directory_that_is_not_there() => Refused(Path.Combine(_directory, "none"), "no such directory");

    [Test]
    public void A_file_in_the_directorys_place()
    {
        Write("file");

        Refused(Path.Combine(_directory, "file"), "got a file");
    }

    [Test]
    public void The_cached_files_are_the_published_ones()
    {
        var paths = LiveMnist.Require();

        // 16 and 8 bytes of header, then a byte for each pixel and label.
        Assert.That(new FileInfo(paths.TrainImages).Length, Is.EqualTo(16 + 60_000 * 28 * 28));
        Assert.That(new FileInfo(paths.TestLabels).Length, Is.EqualTo(8 + 10_000));
    }

    private static void Refused(string directory, string reason)
    {
        var error = Assert.Throws<UserError>(() => Mnist.Ensure(directory, Nothing))!;

        Assert.That(error.ExitCode, Is.EqualTo(2));
        Assert.That(error.Message, Does.StartWith("--data " + directory).And.Contain(reason).And.Not.Contain("\n"));
    }

    private void Write(params string[] names)
    {
        foreach (var name in names)
            File.WriteAllText(Path.Combine(_directory, name), "");
    }

    private static void Nothing(string line) => Assert.Fail($"nothing was to be done, yet: {line}");
}
