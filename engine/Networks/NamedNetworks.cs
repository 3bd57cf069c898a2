namespace Conformance.Engine.Networks;

/// <summary>The networks that have a name. Each is a JSON file in this folder.</summary>
public static class NamedNetworks
{
    private static readonly Dictionary<string, Lazy<NetworkDefinition>> _all = new[]
    {
        "lenet", "lenet-batchnorm", "lenet-1998", "conv3x3", "lenet-000", "configurations-001", "loops-002", "xavier-003", "batchnorm-004",
    }.ToDictionary(name => name, name => new Lazy<NetworkDefinition>(() => Read(name)));

    public static IReadOnlyList<string> Names { get; } = [.. _all.Keys];

    /// <summary>Returns the network of that name; null if there is none.</summary>
    public static NetworkDefinition? Find(string name) => _all.TryGetValue(name, out var definition) ? definition.Value : null;

    /// <exception cref="NetworkException">There is no network of that name.</exception>
    public static NetworkDefinition Named(string name) =>
        Find(name) ?? throw new NetworkException($"network: expected {string.Join(", ", Names)}, got '{name}'");

    /// <summary>Returns the network for a name, the path of a JSON file, or a text in the notation of configurations (<c>c16pc16</c>).</summary>
    /// <exception cref="NetworkException">The text is none of these, or the network is invalid.</exception>
    public static NetworkDefinition Resolve(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Find(model) is { } named)
            return named;
        if (model.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return NetworkReader.Load(model);
        string names = string.Join(", ", Names);
        return Configuration.IsNotation(model)
            ? Configuration.Parse(model)
            : throw new NetworkException(
                $"model: expected a name ({names}), a file ending in .json, or a configuration such as c16pc16, got '{model}'");
    }

    private static NetworkDefinition Read(string name)
    {
        using var stream = typeof(NamedNetworks).Assembly.GetManifestResourceStream($"{name}.json")!;
        using var reader = new StreamReader(stream);
        return NetworkReader.Parse(reader.ReadToEnd(), $"{name}.json");
    }
}
