namespace Conformance.Oracle;

/// <summary>The parameters by which a tensor of integers is drawn from its own stream. A recipe in a stored case keeps only these.</summary>
/// <param name="Low">The smallest integer.</param>
/// <param name="High">The largest integer.</param>
/// <param name="Seed">The seed of the stream.</param>
/// <param name="Name">The tensor's name within the case.</param>
public sealed record IntegerFill(int Low, int High, ulong Seed, string Name);
