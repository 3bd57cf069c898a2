using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>
/// A table of operations (rows) and aspects (cells). A cell shows how many cases of the aspect pass, and links to its first failing case, or to the
/// passed ones.
/// </summary>
internal static class MatrixHtml
{
    private static readonly (string Class, string Meaning)[] _kinds =
    [
        ("pass", "every case passes"),
        ("fail f1", "a third of the cases fail, or less"),
        ("fail f2", "two thirds, or less"),
        ("fail f3", "more"),
        ("none", "not offered, so not judged"),
    ];

    public static Markup Render(AspectMatrix matrix) =>
        $"""
        <ul class="legend" aria-label="What the colours mean">
        {_kinds.Select(Markup (kind) => $"<li><span class=\"swatch {kind.Class}\"></span>{kind.Meaning}</li>\n")}</ul>
        <div class="matrix">
        {Markup.Lines(matrix.Rows.Select(Row))}
        </div>
        """;

    private static Markup Row(AspectMatrix.Row row)
    {
        var all = new AspectMatrix.Cell("all", "every case of the operation", row.Cases);
        return $"""
            <section class="row" data-op="{row.Op}"><h3>{row.Op}</h3>
            <ul>{Cell(row.Op, all)}{row.Cells.Select(cell => Cell(row.Op, cell))}</ul></section>
            """;
    }

    private static Markup Cell(string op, AspectMatrix.Cell cell)
    {
        var first = cell.Cases.Where(report => report.Verdict.IsBad()).MinBy(report => report.Question.Case.Inputs.Values.Sum(input => input.Length));
        var said = cell.Judged == 0 ? $"{cell.Cases.Count} not offered" : cell.Fail == 0 ? $"{cell.Pass} pass" : $"{cell.Fail} of {cell.Judged} fail";
        var count = cell.Judged == 0 ? "–" : $"{cell.Pass}/{cell.Judged}";
        var link = first is null ? $"#of-{op}" : FailedCaseHtml.LinkTo(first);
        return $"""
            <li><a class="cell {Kind(cell)}{(cell.Aspect == "all" ? " all" : "")}" href="{link}" data-aspect="{cell.Aspect}" title="{cell.Meaning}"
            """ + $"""
             aria-label="{Markup.Text($"{op}, {cell.Aspect}: {said}")}"><span>{cell.Aspect}</span> <b>{count}</b></a></li>
            """;
    }

    private static string Kind(AspectMatrix.Cell cell) =>
        cell.Judged == 0 ? "none"
            : cell.Fail == 0 ? "pass"
            : (3.0 * cell.Fail / cell.Judged) switch { <= 1 => "fail f1", <= 2 => "fail f2", _ => "fail f3" };
}
