namespace Conformance.Cli.Shared.DataSets;

/// <summary>A file known by its content: name, length in bytes and SHA-256 in lower-case hex, all of the uncompressed file.</summary>
public sealed record DataFile(string Name, long Bytes, string Sha256);
