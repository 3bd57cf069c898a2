using System.Globalization;
using System.Text;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Suite.Reporting.Engines;

/// <summary>Several engines on the console, one line each. The results by operation are in the page and the CSV file.</summary>
public static class EnginesText
{
    private const int LongestName = 30;

    /// <param name="details">The path of the file with details.</param>
    public static string Render(EnginesTable table, string details, TextStyle style)
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = new StringBuilder();
        text.Append(style.Bold(style.Fit($"{"engine",-LongestName}{"pass",8}{"fail",8}{"unsupported",13}  {"wrong"}"))).Append('\n');
        foreach (var row in table.Rows)
        {
            var (name, wrong) = (Visible.Line(row.Name), row.Cells.Where(cell => cell.Value.Fail > 0).Select(cell => cell.Key).ToArray());
            text.Append(style.Fit(string.Create(CultureInfo.InvariantCulture,
                $"{(name.Length < LongestName ? name : name[..(LongestName - 2)] + "…"),-LongestName}"
                    + $"{row.Passed,8}{row.Failed,8}{row.Unsupported,13}  {Short(wrong)}").TrimEnd())).Append('\n');
        }
        if (table.SuiteHash is null)
            text.Append(style.Fit("they were not all asked the same questions: the suite has changed between the runs")).Append('\n');
        return text.Append(style.Fit($"{table.Rows.Count} engines; details in {details}")).Append('\n').ToString();
    }

    private static string Short(string[] operations) =>
        operations.Length <= 3 ? string.Join(", ", operations) : $"{operations[0]}, {operations[1]} and {operations.Length - 2} more";
}
