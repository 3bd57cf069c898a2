namespace Conformance.Engine.Kernels;

/// <summary>A choice between clear and fast kernels, for a layer, a loss or an optimiser.</summary>
public sealed record KernelChoice
{
    /// <summary>The environment variable that overrides the choice of everything created while it is set.</summary>
    public const string Variable = "CONFORMANCE_KERNEL";

    private KernelChoice(string name) => Name = name;

    /// <summary>The clear kernels: plain loops.</summary>
    public static KernelChoice Clear { get; } = new("clear");

    /// <summary>The fast kernels. They are the default.</summary>
    public static KernelChoice Fast { get; } = new("fast");

    public string Name { get; }

    /// <summary>The choice of the environment variable, or null.</summary>
    /// <exception cref="ArgumentException">CONFORMANCE_KERNEL is neither <c>clear</c> nor <c>fast</c>.</exception>
    public static KernelChoice? Forced => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Named(name, Variable) : null;

    /// <summary>The choice that is used: the environment variable's, or else the given one, or else the fast kernels.</summary>
    /// <exception cref="ArgumentException">CONFORMANCE_KERNEL is neither <c>clear</c> nor <c>fast</c>.</exception>
    public static KernelChoice InForce(KernelChoice? asked) => Forced ?? asked ?? Fast;

    /// <exception cref="ArgumentException">The name is neither <c>clear</c> nor <c>fast</c>.</exception>
    public static KernelChoice Named(string name) => Named(name, "kernel");

    private static KernelChoice Named(string name, string origin) => name switch
    {
        "clear" => Clear,
        "fast" => Fast,
        _ => throw new ArgumentException($"{origin}: expected clear or fast, got '{name}'"),
    };

    public override string ToString() => Name;
}
