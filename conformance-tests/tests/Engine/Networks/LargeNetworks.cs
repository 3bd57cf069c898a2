namespace Conformance.Tests.Engine.Networks;

/// <summary>The networks whose steps take seconds each: their tests are Long.</summary>
internal static class LargeNetworks
{
    private static readonly string[] Names = ["conv3x3"];

    /// <summary>The arguments of a test of one network.</summary>
    public static TestCaseData AsTest(string name, params string[] others)
    {
        var test = new TestCaseData([name, .. others]);
        return Names.Contains(name) ? test.SetCategory("Long") : test;
    }
}
