using Conformance.Torch;
using NUnit.Framework;

namespace Conformance.Tests;

/// <summary>The one rule for tests that need live torch: where there is none they are skipped, with the reason; under CI they fail.</summary>
public static class LiveTorch
{
    public static void Require()
    {
        if (TorchRuntime.Unavailable is not { } reason)
            return;
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(reason);
        else
            Assert.Ignore(reason);
    }
}
