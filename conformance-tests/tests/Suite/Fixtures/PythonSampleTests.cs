using Conformance.Tests.Examples;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>The Python sample of fixtures/README.md runs as it stands there, and says so when the layer is wrong.</summary>
internal sealed class PythonSampleTests
{
    private static readonly string Sample =
        File.ReadAllText(Path.Combine(Repository.Fixtures.Root, "README.md")).Split("```python\n")[1].Split("```")[0];

    [Test]
    public void ItPassesTheRightLayer()
    {
        var (exit, output) = Python(Sample);
        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Is.EqualTo("output: 128 of 128 elements right\ninput: the same 210 numbers\n"));
    }

    [TestCase("* stride[0]", "")]
    [TestCase("0x9e3779b97f4a7c15", "0x9e3779b97f4a7c17")]
    public void ItFailsAWrongOne(string before, string after)
    {
        Assert.That(Sample, Does.Contain(before));
        Assert.That(Python(Sample.Replace(before, after, StringComparison.Ordinal)).Exit, Is.Not.Zero);
    }

    private static (int Exit, string Output) Python(string program)
    {
        var (exit, output, error) = Programs.Run(Programs.Python(), ["-"], program);
        return (exit, output + (exit == 0 ? "" : error));
    }
}
