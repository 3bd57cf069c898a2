namespace Conformance.Oracle;

/// <summary>The right answer to a case whose geometry PyTorch refuses, such as a kernel larger than the padded input.</summary>
/// <param name="message">Why it is refused.</param>
public sealed class RefusedException(string message) : ArgumentException(message);
