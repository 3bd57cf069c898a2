namespace Conformance.Suite.Judging;

/// <summary>An engine's declaration before the first question: the greeting of the protocol, or <see cref="ISubject.Declares"/>.</summary>
public sealed record Declaration
{
    /// <summary>An empty declaration: the engine is asked everything, and judged by PyTorch's conventions.</summary>
    public static Declaration Nothing { get; } = new();

    /// <summary>The operations that the engine offers; the others are unsupported without being asked. Null if it does not declare them.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Whether the engine has no backward pass. Gradients are then neither asked nor judged.</summary>
    public bool ForwardOnly { get; init; }

    /// <summary>Whether the engine's sums of small integers are not exact (Winograd, FFT). Every case is then judged in the bounded tier.</summary>
    public bool Inexact { get; init; }

    /// <summary>
    /// Conventions that differ from PyTorch's, by name, such as <c>max_pool_ties</c>: <c>split</c>. The engine is judged by them, and the report says
    /// so.
    /// </summary>
    public IReadOnlyDictionary<string, string> Conventions { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// One line for every report, such as how the engine was set up; null for none. It does not affect the verdict.
    /// </summary>
    public string? Note { get; init; }
}
