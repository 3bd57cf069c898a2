namespace Conformance.Oracle;

/// <summary>How a tensor of integers is drawn from its own stream: all that a recipe in a stored case keeps of it.</summary>
/// <param name="Low">The smallest integer.</param>
/// <param name="High">The largest integer.</param>
/// <param name="Seed">What the stream is drawn with.</param>
/// <param name="Name">The tensor's name within the case.</param>
public sealed record IntegerFill(int Low, int High, ulong Seed, string Name);
