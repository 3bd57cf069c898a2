using System.Text.Json;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Examples;

/// <summary>A skeleton of each language greets, and answers each case that it is not written yet.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class NewEngineTests : IDisposable
{
    private const string Conversation = """
        {"conformance":1}
        {"id":"relu/n1c1","op":"relu","attributes":{},"inputs":{"input":{"shape":[1,1],"data":[1]}},"cotangent":{"output":{"shape":[1,1],"data":[1]}}}
        {"id":"tanh/n1c1","op":"tanh","attributes":{},"inputs":{"input":{"shape":[1,1],"data":[1]}},"cotangent":{"output":{"shape":[1,1],"data":[1]}}}

        """;

    private readonly TemporaryDirectory _directory = new();

    private string Out => _directory.File("out");

    public void Dispose() => _directory.Dispose();

    [Test]
    public void InPython()
    {
        Written("python");
        AssertGreetsAndIsUnwritten(Programs.Run(Programs.Python(), [Path.Combine(Out, "my_engine.py")], Conversation).Output);
    }

    [Test]
    public void InC()
    {
        Written("c");
        AssertGreetsAndIsUnwritten(Programs.Run(Programs.Compiled(Path.Combine(Out, "my_engine.c"), _directory.Path), [], Conversation).Output);
    }

    /// <summary>Against the suite of this repository in place of the package.</summary>
    [Test, Category("Long")]
    public void InCSharp()
    {
        Written("csharp");
        var project = Path.Combine(Out, "MyEngine.csproj");
        var text = File.ReadAllText(project);
        const string Package = "<PackageReference Include=\"Conformance.Suite\" Version=\"*\" />";
        Assert.That(text, Does.Contain(Package));
        var suite = Path.Combine(TestContext.CurrentContext.TestDirectory, "Conformance.Suite.dll");
        File.WriteAllText(
            project,
            text.Replace(
                Package,
                $"<Reference Include=\"{suite}\" /><Reference Include=\"{suite.Replace("Suite.dll", "Oracle.dll", StringComparison.Ordinal)}\" />",
                StringComparison.Ordinal));
        var built = Programs.Run("dotnet", ["build", Out, "-o", Path.Combine(Out, "built"), "-warnaserror", "-nologo"]);
        Assert.That(built.Exit, Is.Zero, built.Output);
        AssertGreetsAndIsUnwritten(Programs.Run("dotnet", [Path.Combine(Out, "built", "MyEngine.dll")], Conversation).Output);
    }

    [Test]
    public void NothingIsOverwritten()
    {
        Written("c");
        File.WriteAllText(Path.Combine(Out, "my_engine.c"), "mine");
        var (exit, _, error) = Programs.Conformance("new-engine", "--language", "c", "--out", Out);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(error, Does.Contain("my_engine.c is there already, and nothing is overwritten"));
            Assert.That(File.ReadAllText(Path.Combine(Out, "my_engine.c")), Is.EqualTo("mine"));
        });
    }

    [Test]
    public void ALanguageThatThereIsNotIsOneLine()
    {
        var (exit, _, error) = Programs.Conformance("new-engine", "--language", "cobol", "--out", Out);
        Assert.That((exit, error.TrimEnd()), Is.EqualTo((2, "error: --language: expected python, c or csharp, got 'cobol'")));
    }

    private void Written(string language)
    {
        var (exit, output, error) = Programs.Conformance("new-engine", "--language", language, "--out", Out);
        Assert.That(exit, Is.Zero, error);
        Assert.That(output, Does.Contain("tools/conformance check --command"));
    }

    private static void AssertGreetsAndIsUnwritten(string output)
    {
        var lines = output.Trim().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(3), output);
        using var greeting = JsonDocument.Parse(lines[0]);
        Assert.That(greeting.RootElement.GetProperty("name").GetString(), Is.EqualTo("my-engine"));
        Assert.That(lines[1..].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("unsupported").GetString()),
            Is.EqualTo(new[] { "not written yet", "no such operation here" }));
    }
}
