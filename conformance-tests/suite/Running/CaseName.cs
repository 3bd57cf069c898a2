namespace Conformance.Suite.Running;

/// <summary>One case with one of an engine's kernels.</summary>
/// <param name="Kernel">The kernel; null if the engine has no variants.</param>
public sealed record CaseName(string Id, string? Kernel)
{
    /// <summary>The name of a test: <c>conv2d/n1c1h5w7-o1-k3 [fast]</c>.</summary>
    public override string ToString() => Kernel is null ? Id : $"{Id} [{Kernel}]";
}
