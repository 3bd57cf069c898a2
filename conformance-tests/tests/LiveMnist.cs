using Conformance.Cli.Shared.DataSets;

namespace Conformance.Tests;

/// <summary>Tests that need MNIST.</summary>
public static class LiveMnist
{
    public static DataPaths Require() =>
        DataSet.Mnist.Cached() ?? throw Lacking.Skip("MNIST is not in the cache: run tools/conformance data");
}
