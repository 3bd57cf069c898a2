namespace Conformance.Engine.Kernels;

/// <summary>Which rows of the <see cref="KernelTable"/> a layer, a loss or an optimiser takes.</summary>
public sealed record KernelChoice
{
    /// <summary>The environment variable that forces one choice on all that is made while it is set, whatever the code asks for.</summary>
    public const string Variable = "CONFORMANCE_KERNEL";

    private KernelChoice(string name) => Name = name;

    /// <summary>The loop nests that state the operations.</summary>
    public static KernelChoice Clear { get; } = new("clear");

    /// <summary>The fast variants; what is taken where nothing is asked for.</summary>
    public static KernelChoice Fast { get; } = new("fast");

    public string Name { get; }

    /// <summary>The choice of the environment, if there is one.</summary>
    /// <exception cref="ArgumentException">The variable names no kernels.</exception>
    public static KernelChoice? Forced => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Named(name, Variable) : null;

    /// <summary>The kernels that compute where these are asked for: the environment's if it forces some, else these, else the fast ones.</summary>
    /// <exception cref="ArgumentException">The environment variable names no kernels.</exception>
    public static KernelChoice InForce(KernelChoice? asked) => Forced ?? asked ?? Fast;

    /// <exception cref="ArgumentException">There are no such kernels.</exception>
    public static KernelChoice Named(string name) => Named(name, "kernel");

    private static KernelChoice Named(string name, string origin) => name switch
    {
        "clear" => Clear,
        "fast" => Fast,
        _ => throw new ArgumentException($"{origin}: expected clear or fast, got '{name}'"),
    };

    public override string ToString() => Name;
}
