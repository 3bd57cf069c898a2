namespace Conformance.Cli.Shared;

#pragma warning disable CA1710 // It is an error line for a person; "UserErrorException" would say the same twice.
/// <summary>A mistake of the user, or something missing: the message is the one line shown, and there is no stack trace.</summary>
/// <param name="message">What was expected, what came, what to do.</param>
/// <param name="exitCode">2 for wrong use or bad input, 3 for something needed that is missing.</param>
public sealed class UserError(string message, int exitCode = 2) : Exception(message) { public int ExitCode { get; } = exitCode; }
