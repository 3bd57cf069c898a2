using System.Globalization;
using System.Text;
using Conformance.Cli.Shared;

namespace Conformance.Cli.Fixtures;

/// <summary>What was found of one operation.</summary>
/// <param name="FromOracle">The largest difference between a stored answer and the oracle's, in units of B.</param>
/// <param name="FromTorch">The same of live torch; null where it was not asked.</param>
internal sealed record VerificationRow(
    string Op, int Cases, int Vectors, int Recipes, int Refused, long Bytes, int Aspects, int Claims, double FromOracle, double? FromTorch);

/// <summary>What <c>fixtures verify</c> found.</summary>
/// <param name="Unreadable">What could not be read at all, one line each.</param>
internal sealed record VerificationResult(
    IReadOnlyList<VerificationRow> Rows, IReadOnlyList<string> Problems, IReadOnlyList<string> Unreadable, string Torch)
{
    public string Table(Terminal terminal)
    {
        var text = new StringBuilder();
        text.AppendLine(terminal.Bold(
            $"{"operation",-26}{"cases",6}{"stored",7}{"recipes",8}{"refused",8}{"KiB",8}{"aspects",8}{"claims",7}{"oracle",9}{"torch",9}"));
        foreach (var row in Rows)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{row.Op,-26}{row.Cases,6}{row.Vectors,7}{row.Recipes,8}{row.Refused,8}{row.Bytes / 1024.0,8:0.0}"
                    + $"{row.Aspects,8}{row.Claims,7}{row.FromOracle,9:0.0e+0}"
                    + $"{(row.FromTorch is { } torch ? torch.ToString("0.0e+0", CultureInfo.InvariantCulture) : "-"),9}");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{"in all",-26}{Rows.Sum(row => row.Cases),6}{Rows.Sum(row => row.Vectors),7}{Rows.Sum(row => row.Recipes),8}"
                + $"{Rows.Sum(row => row.Refused),8}{Rows.Sum(row => row.Bytes) / 1024.0,8:0.0}"
                + $"{Rows.Sum(row => row.Aspects),8}{Rows.Sum(row => row.Claims),7}");
        text.AppendLine("oracle, torch: the largest difference from the stored answers, in units of B; 1e-12 is allowed, and 0 in the exact tier");
        text.AppendLine(Torch);
        text.AppendLine(Problems.Count + Unreadable.Count == 0
            ? "nothing is wrong"
            : string.Create(CultureInfo.InvariantCulture, $"{Problems.Count} problems, {Unreadable.Count} files or cases that can't be read"));
        return text.ToString();
    }
}
