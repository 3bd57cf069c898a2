using Conformance.Cli.Shared.DataSets;

namespace Conformance.Tests;

/// <summary>The one rule for tests that need MNIST: where it has not been fetched they are skipped, with the reason; under CI they fail.</summary>
public static class LiveMnist
{
    public static DataPaths Require()
    {
        if (DataSet.Mnist.Cached() is { } paths)
            return paths;
        const string Reason = "MNIST is not in the cache: run tools/conformance data";
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(Reason);
        else
            Assert.Ignore(Reason);
        throw new InvalidOperationException("not reached: Fail and Ignore throw");
    }
}
