using Conformance.Suite.Judging;

namespace Conformance.Suite.Reporting.Html;

/// <summary>The matrix of operations and aspects: a row an operation, a cell an aspect with how many of its cases pass. A cell leads to its first failing case, or to the passed ones.</summary>
internal static class MatrixHtml
{
    public static string Of(AspectMatrix matrix) =>
        $"""
        <ul class="legend" aria-label="What the colours mean">
        {string.Concat(new[] { ("pass", "every case passes"), ("fail f1", "a third of the cases fail, or less"), ("fail f2", "two thirds, or less"), ("fail f3", "more"), ("none", "not offered, so not judged") }.Select(kind => $"<li><span class=\"swatch {kind.Item1}\"></span>{kind.Item2}</li>\n"))}</ul>
        <div class="matrix">
        {string.Join('\n', matrix.Rows.Select(Row))}
        </div>
        """;

    private static string Row(AspectMatrix.Row row)
    {
        var all = new AspectMatrix.Cell("all", "every case of the operation", row.Cases);
        return $"""
            <section class="row" data-op="{Html.Text(row.Op)}"><h3>{Html.Text(row.Op)}</h3>
            <ul>{Cell(row.Op, all)}{string.Concat(row.Cells.Select(cell => Cell(row.Op, cell)))}</ul></section>
            """;
    }

    private static string Cell(string op, AspectMatrix.Cell cell)
    {
        var first = cell.Cases.Where(report => report.Verdict.IsBad()).MinBy(report => report.Question.Case.Inputs.Values.Sum(input => input.Length));
        var said = cell.Judged == 0 ? $"{cell.Cases.Count} not offered" : cell.Fail == 0 ? $"{cell.Pass} pass" : $"{cell.Fail} of {cell.Judged} fail";
        var count = cell.Judged == 0 ? "–" : $"{cell.Pass}/{cell.Judged}";
        return $"<li><a class=\"cell {Kind(cell)}{(cell.Aspect == "all" ? " all" : "")}\" href=\"{(first is null ? $"#of-{Html.Text(op)}" : FailedCaseHtml.LinkTo(first))}\" data-aspect=\"{Html.Text(cell.Aspect)}\" title=\"{Html.Text(cell.Meaning)}\" aria-label=\"{Html.Text($"{op}, {cell.Aspect}: {said}")}\"><span>{Html.Text(cell.Aspect)}</span> <b>{count}</b></a></li>";
    }

    private static string Kind(AspectMatrix.Cell cell) =>
        cell.Judged == 0 ? "none" : cell.Fail == 0 ? "pass" : (3.0 * cell.Fail / cell.Judged) switch { <= 1 => "fail f1", <= 2 => "fail f2", _ => "fail f3" };
}
