namespace Conformance.Tests;

/// <summary>The operations with the most cases and the longest ones: what is asked of each case, or of each known mistake, is Long for them.</summary>
internal static class LargeOperations
{
    private static readonly string[] Names = ["conv2d", "lenet"];

    /// <summary>The arguments of a test of one operation.</summary>
    public static TestCaseData AsTest(string operation, params string[] others)
    {
        var test = new TestCaseData([operation, .. others]);
        return Names.Contains(operation) ? test.SetCategory("Long") : test;
    }
}
