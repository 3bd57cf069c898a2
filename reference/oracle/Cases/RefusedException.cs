namespace Conformance.Oracle;

/// <summary>The correct answer to a case whose geometry PyTorch refuses, such as a kernel larger than the padded input.</summary>
/// <param name="message">The reason for the refusal.</param>
public sealed class RefusedException(string message) : ArgumentException(message);
