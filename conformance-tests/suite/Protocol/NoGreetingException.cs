namespace Conformance.Suite.Protocol;

/// <summary>An engine never greeted, or greeted with what can't be understood: there is nothing to judge.</summary>
public sealed class NoGreetingException(string message) : Exception(message);
