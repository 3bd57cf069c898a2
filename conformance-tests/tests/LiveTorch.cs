using Conformance.Torch;

namespace Conformance.Tests;

/// <summary>Tests that need live torch.</summary>
public static class LiveTorch
{
    public static void Require()
    {
        if (TorchRuntime.Unavailable is { } reason)
            throw Lacking.Skip(reason);
    }

    /// <summary>Whether torch loads and its own float32 convolutions are right here, as it is used.</summary>
    public static bool Float32IsRight => TorchRuntime.Float32 is { IsRight: true };

    /// <summary>A test of torch's own float32 says nothing where the self-test at load found it wrong.</summary>
    public static void RequireFloat32()
    {
        Require();
        if (!Float32IsRight)
            Assert.Ignore(TorchRuntime.Float32!.Text);
    }
}
