using System.Text.Json.Nodes;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Data;

/// <summary><c>data</c> on files of the user's own: what is good is counted, what is not is one line and exit code 2.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DataTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void GoodFilesAreCounted()
    {
        IdxFiles.WriteSet(_directory.Path, trainImages: 3, testImages: 2);
        var (exitCode, output, _) = Data("--json");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Is.EqualTo(File.ReadAllText(_directory.File("out/results.json"))));
        var results = JsonNode.Parse(output)!;
        Assert.That((int)results["train"]!["count"]!, Is.EqualTo(3));
        Assert.That((int)results["test"]!["count"]!, Is.EqualTo(2));
        Assert.That((int)results["test"]!["height"]!, Is.EqualTo(28));
    }

    [Test]
    public void FourFilesOfOtherNamesAreASet()
    {
        IdxFiles.WriteSet(_directory.Path, trainImages: 3, testImages: 2);
        string[] files = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
        var (exitCode, output, error) = Shell.Run(
            new FakeSides(), ["data", "--data", .. files.Select(Place), "--out", _directory.File("out"), "--json"]);
        Assert.That(exitCode, Is.Zero, error);
        var results = JsonNode.Parse(output)!;
        Assert.That(((int)results["train"]!["count"]!, (int)results["test"]!["count"]!), Is.EqualTo((2, 3)), "told by their places alone");
    }

    [Test]
    public void AFileThatIsMissing() => AssertRefused(() => File.Delete(Place("t10k-labels-idx1-ubyte")), "t10k-labels-idx1-ubyte", "missing");

    [Test]
    public void AnEmptyFile() => AssertRefused(() => File.WriteAllBytes(Place("train-images-idx3-ubyte"), []), "train-images-idx3-ubyte", "empty");

    [Test]
    public void LabelsInThePlaceOfImages() => AssertRefused(
        () => File.Copy(Place("train-labels-idx1-ubyte"), Place("train-images-idx3-ubyte"), overwrite: true),
        "train-images-idx3-ubyte", "magic");

    [Test]
    public void ALabelAbove9() =>
        AssertRefused(() => IdxFiles.Write(Place("train-labels-idx1-ubyte"), [3], [1, 2, 10]), "train-labels-idx1-ubyte", "got 10");

    [Test]
    public void MoreLabelsThanImages() =>
        AssertRefused(() => IdxFiles.Write(Place("train-labels-idx1-ubyte"), [4], [1, 2, 3, 4]), "train-labels-idx1-ubyte", "got 4");

    [Test]
    public void ADirectoryThatIsNotThere()
    {
        var (exitCode, _, error) = Shell.Run(new FakeSides(), "data", "--data", _directory.File("nowhere"), "--out", _directory.File("out"));
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("error: ").And.Contain("nowhere"));
    }

    private void AssertRefused(Action spoil, string file, string reason)
    {
        IdxFiles.WriteSet(_directory.Path, trainImages: 3, testImages: 2);
        spoil();
        var (exitCode, output, error) = Data();
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("error: ").And.Contain(file).And.Contain(reason));
        Assert.That(error.TrimEnd('\r', '\n'), Does.Not.Contain("\n"));
        Assert.That(output, Is.Empty);
        Assert.That(File.Exists(_directory.File("out/results.json")), Is.False);
    }

    private (int ExitCode, string Out, string Error) Data(params string[] args) =>
        Shell.Run(new FakeSides(), ["data", "--data", _directory.Path, "--out", _directory.File("out"), .. args]);

    private string Place(string name) => _directory.File(name);
}
