namespace Conformance.Engine.Networks;

/// <summary>A network definition is invalid. The message is one line for the author of the definition.</summary>
public sealed class NetworkException : ArgumentException
{
    private const int Longest = 500; // a parser's message may quote the rest of the file

    internal NetworkException(string message, Exception? inner = null) : base(Line(message), inner)
    {
    }

    private static string Line(string message)
    {
        string line = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : $"{line[..(Longest / 2)]} … {line[^(Longest / 2)..]}";
    }
}
