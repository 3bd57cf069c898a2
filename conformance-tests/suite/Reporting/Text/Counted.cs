namespace Conformance.Suite.Reporting.Text;

/// <summary>Formats a count with its noun.</summary>
internal static class Counted
{
    /// <summary><c>1 case</c>, <c>2 cases</c>.</summary>
    public static string Text(int count, string name) => $"{count} {name}{(count == 1 ? "" : "s")}";
}
