using System.Text;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.VerifyStandIn;

/// <summary>Snapshots as Verify.NUnit keeps them: file names, text format, what fails and with which message.</summary>
public sealed class VerifierTests
{
    private string _directory = null!;

    [OneTimeSetUp]
    public void NoDiffTool() => Environment.SetEnvironmentVariable("DiffEngine_Disabled", "true");

    [SetUp]
    public void NewDirectory() => _directory = Directory.CreateTempSubdirectory("conformance-verify").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task ANewSnapshotFailsAndIsReceived()
    {
        var message = await Failure("one\r\ntwo\n");

        const string stem = "VerifierTests.ANewSnapshotFailsAndIsReceived";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message, Is.EqualTo(
                $"Directory: {_directory}\nNew:\n  - Received: {stem}.received.txt\n    Verified: {stem}.verified.txt\n"
                + $"\nFileContent:\n\nNew:\n\nReceived: {stem}.received.txt\none\ntwo\n\n\n"));
            Assert.That(Bytes("received"), Is.EqualTo(Marked("one\ntwo\n")), "byte order mark, LF, nothing added at the end");
            Assert.That(Files, Has.Length.EqualTo(1), "nothing is approved by itself");
        }
    }

    [Test]
    public async Task AnEqualTextPassesAndTheStaleReceivedFileGoes()
    {
        Write("verified", "one\ntwo");
        Write("received", "stale");

        await Compare("one\r\ntwo");

        Assert.That(Files, Is.EqualTo(["VerifierTests.AnEqualTextPassesAndTheStaleReceivedFileGoes.verified.txt"]));
    }

    [Test]
    public async Task ADifferentTextFailsWithBoth()
    {
        Write("verified", "old");

        var message = await Failure("new");

        const string stem = "VerifierTests.ADifferentTextFailsWithBoth";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(message, Is.EqualTo(
                $"Directory: {_directory}\nNotEqual:\n  - Received: {stem}.received.txt\n    Verified: {stem}.verified.txt\n"
                + $"\nFileContent:\n\nNotEqual:\n\nReceived: {stem}.received.txt\nnew\nVerified: {stem}.verified.txt\nold\n\n"));
            Assert.That(Bytes("received"), Is.EqualTo(Marked("new")));
            Assert.That(Bytes("verified"), Is.EqualTo(Marked("old")), "the approved text stays");
        }
    }

    [Test]
    public async Task ANewlineAtTheEndIsADifference()
    {
        Write("verified", "one\n");

        Assert.That(await Failure("one"), Does.Contain("NotEqual:"));
    }

    [Test]
    public async Task ACarriageReturnInTheApprovedFileIsAnErrorThatSaysWhatToDo()
    {
        Write("verified", "one\r\ntwo");

        var message = await Failure("one\ntwo");

        Assert.That(message, Does.Contain("*.verified.txt text eol=lf").And.Contains(PathOf("verified")));
        Assert.That(Bytes("received"), Is.EqualTo(Marked("one\ntwo")));
    }

    [TestCase(3, "a/b")]
    public async Task ArgumentsAreInTheName(int count, string name)
    {
        await Failure("x");

        Assert.That(Files, Is.EqualTo([$"VerifierTests.ArgumentsAreInTheName_count={count}_name={name.Replace('/', '-')}.received.txt"]));
    }

    [Test]
    public void TheExtensionAndTheMethodCanBeNamed()
    {
        Assert.That(async () => await Verify("{}", "json").UseDirectory(_directory).UseMethodName("other"), Throws.Exception);

        Assert.That(Files, Is.EqualTo(["VerifierTests.other.received.json"]));
        Assert.That(File.ReadAllBytes(Path.Combine(_directory, Files[0])), Is.EqualTo(Marked("{}")));
    }

    [Test]
    public void TheDirectoryIsBesideTheTest()
    {
        var relative = Path.GetRelativePath(Path.Combine(Repository.Root, "conformance-tests/tests/VerifyStandIn"), _directory);

        Assert.That(async () => await Verify("x").UseDirectory(relative), Throws.Exception);

        Assert.That(Files, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task NothingAndNullHaveAText()
    {
        Assert.That(await Failure(""), Does.EndWith("\nemptyString\n\n"));
        Assert.That(await Failure(null), Does.EndWith("\nnull\n\n"));
    }

    /// <summary>A class inside another, for its file name.</summary>
    public sealed class Inner
    {
        [Test]
        public void NestedClassesHaveBothNames()
        {
            var directory = Directory.CreateTempSubdirectory("conformance-verify").FullName;

            Assert.That(async () => await Verify("x").UseDirectory(directory), Throws.Exception);

            Assert.That(
                Directory.GetFiles(directory).Select(Path.GetFileName),
                Is.EqualTo(["VerifierTests.Inner.NestedClassesHaveBothNames.received.txt"]));
            Directory.Delete(directory, recursive: true);
        }
    }

    private string[] Files => [.. Directory.GetFiles(_directory).Select(path => Path.GetFileName(path))];

    private async Task Compare(string? text) => await Verify(text).UseDirectory(_directory);

    private async Task<string> Failure(string? text)
    {
        try
        {
            await Compare(text);
        }
        catch (Exception error) when (error is not AssertionException)
        {
            return error.Message;
        }
        Assert.Fail("the comparison passed");
        return "";
    }

    private string PathOf(string kind) => Path.Combine(_directory, $"VerifierTests.{TestContext.CurrentContext.Test.MethodName}.{kind}.txt");

    private void Write(string kind, string text) => File.WriteAllBytes(PathOf(kind), Marked(text));

    private byte[] Bytes(string kind) => File.ReadAllBytes(PathOf(kind));

    private static byte[] Marked(string text) => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)];
}
