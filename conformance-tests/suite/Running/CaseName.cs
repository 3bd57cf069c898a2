namespace Conformance.Suite.Running;

/// <summary>One case under one of an engine's kernels.</summary>
/// <param name="Kernel">Null where the engine has no choice of them.</param>
public sealed record CaseName(string Id, string? Kernel)
{
    /// <summary>As tests are called: <c>conv2d/n1c1h5w7-o1-k3 [fast]</c>.</summary>
    public override string ToString() => Kernel is null ? Id : $"{Id} [{Kernel}]";
}
