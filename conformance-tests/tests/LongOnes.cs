using Conformance.Engine.Networks;

namespace Conformance.Tests;

/// <summary>Which tests of a family take seconds each, by what they are about: those are Long.</summary>
/// <param name="names">Of the operations or networks.</param>
internal sealed class LongOnes(params string[] names)
{
    /// <summary>The operations with the most cases and the longest ones.</summary>
    public static LongOnes Operations { get; } = new("conv2d", "lenet");

    /// <summary>The networks with a name, but for LeNet and the one with batch norm.</summary>
    public static LongOnes Networks { get; } = new([.. NamedNetworks.Names.Except(["lenet", "lenet-batchnorm"]), "c16rpc16r"]);

    /// <summary>The arguments of a test of one of the family.</summary>
    public TestCaseData AsTest(string name, params string[] others)
    {
        var test = new TestCaseData([name, .. others]);
        return names.Contains(name) ? test.SetCategory("Long") : test;
    }
}
