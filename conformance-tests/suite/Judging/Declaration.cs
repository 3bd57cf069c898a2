namespace Conformance.Suite.Judging;

/// <summary>What an engine says of itself before it is asked anything: the greeting of the protocol, or <see cref="ISubject.Declares"/>.</summary>
public sealed record Declaration
{
    /// <summary>An engine that says nothing: it is asked everything, and judged by PyTorch's conventions.</summary>
    public static Declaration Nothing { get; } = new();

    /// <summary>The operations that it has; the others are unsupported without being asked. Null where it does not say.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>It has no backward pass: no gradient is asked for, and none is judged.</summary>
    public bool ForwardOnly { get; init; }

    /// <summary>Its sums of small integers are not exact (Winograd, FFT): it is judged in the bounded tier throughout.</summary>
    public bool Inexact { get; init; }

    /// <summary>
    /// Conventions that are not PyTorch's, by name, such as <c>max_pool_ties</c>: <c>split</c>. It is judged under them, and the report says so.
    /// </summary>
    public IReadOnlyDictionary<string, string> Conventions { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// One line that every report shows, such as how the engine was set up; null where there is nothing to say. Nothing is judged by it.
    /// </summary>
    public string? Note { get; init; }
}
