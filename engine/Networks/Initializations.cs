namespace Conformance.Engine;

/// <summary>The ways to draw a network's first weights, by the names that definitions use.</summary>
public static class Initializations
{
    internal const string Default = "he_normal";

    private static readonly Dictionary<string, Initialization> _all = new()
    {
        ["he_normal"] = Initialization.HeNormal(),
        ["he_uniform"] = Initialization.HeUniform(),
        ["xavier_normal"] = Initialization.XavierNormal(),
        ["xavier_uniform"] = Initialization.XavierUniform(),
        ["pytorch"] = Initialization.PyTorchDefault,
    };

    public static IReadOnlyList<string> Names { get; } = [.. _all.Keys];

    /// <exception cref="NetworkException">There is none of that name.</exception>
    public static Initialization Named(string name) =>
        _all.GetValueOrDefault(name) ?? throw new NetworkException($"initialization: expected {string.Join(", ", Names)}, got '{name}'");
}
