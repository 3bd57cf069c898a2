namespace Conformance.Cli.Check;

/// <summary>A program does not start, or does not greet: there is nothing to judge, and its reports say why.</summary>
/// <param name="engine">What it is called in reports.</param>
internal sealed class NotStartedException(string engine, string message) : Exception(message)
{
    public string Engine => engine;
}
