namespace Conformance.Suite.Protocol;

/// <summary>An engine did not greet, or its greeting can't be read. There is nothing to judge.</summary>
public sealed class NoGreetingException(string message) : Exception(message);
