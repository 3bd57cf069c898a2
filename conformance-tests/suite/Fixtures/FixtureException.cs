namespace Conformance.Suite.Fixtures;

/// <summary>A case file or stored vector that can't be read: which file, which field, what was expected.</summary>
public sealed class FixtureException(string file, string field, string problem, Exception? inner = null)
    : Exception($"{file}: {field}: {problem}", inner);
