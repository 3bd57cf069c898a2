using System.IO.Enumeration;

namespace Conformance.Suite.Gating;

/// <summary>One line of a known-failures file: a pattern of failing cases, and the reason.</summary>
/// <param name="Line">The line number in the file, from 1.</param>
/// <param name="Pattern">A case's id; <c>*</c> stands for any text in it.</param>
/// <param name="Kernel">The kernel that it applies to; null for all.</param>
/// <param name="Reason">The reason for the failure, for later readers of the file.</param>
public sealed record KnownFailure(int Line, string Pattern, string? Kernel, string Reason)
{
    public bool Matches(string id, string? kernel) => MatchesId(id) && (Kernel is null || Kernel == kernel);

    public bool MatchesId(string id) => FileSystemName.MatchesSimpleExpression(Pattern, id, ignoreCase: false);

    /// <summary>The line of the file.</summary>
    public override string ToString() => $"{Pattern}{(Kernel is null ? "" : $" kernel={Kernel}")}  {Reason}";
}
