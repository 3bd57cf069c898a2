using System.IO.Enumeration;

namespace Conformance.Suite.Gating;

/// <summary>One line of a known-failures file: cases that fail, are known to, and why.</summary>
/// <param name="Line">Where it stands in the file, from 1.</param>
/// <param name="Pattern">A case's id; <c>*</c> stands for any text in it.</param>
/// <param name="Kernel">The one kernel that it is about; null for all.</param>
/// <param name="Reason">Why they fail, for who reads the file next year.</param>
public sealed record KnownFailure(int Line, string Pattern, string? Kernel, string Reason)
{
    public bool Matches(string id, string? kernel) => MatchesId(id) && (Kernel is null || Kernel == kernel);

    public bool MatchesId(string id) => FileSystemName.MatchesSimpleExpression(Pattern, id, ignoreCase: false);

    /// <summary>As the file has it.</summary>
    public override string ToString() => $"{Pattern}{(Kernel is null ? "" : $" kernel={Kernel}")}  {Reason}";
}
