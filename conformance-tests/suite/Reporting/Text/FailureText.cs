using System.Globalization;
using System.Text;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;

namespace Conformance.Suite.Reporting.Text;

/// <summary>
/// A failed case as text, for the engine's author: operation, case, tensor, how much is wrong, where, and the command to run it again.
/// </summary>
public static class FailureText
{
    public static string Render(CaseReport report) => $"{WithoutCommand(report)}\n  again: {Command(report)}";

    /// <summary>The same text without the command, for users who run the case in another way.</summary>
    public static string WithoutCommand(CaseReport report)
    {
        var text = new StringBuilder();
        var (question, kernel) = (report.Question, report.Kernel is null ? "" : $", kernel {report.Kernel}");
        text.Append(CultureInfo.InvariantCulture, $"{question.Case.Op}  {report.Verdict.ToString().ToUpperInvariant()}  {question.Case.Id}\n");
        text.Append(CultureInfo.InvariantCulture, $"  engine {report.Subject}{kernel}, expected from {question.Source}\n");
        if (report.Message is not null)
            text.Append(CultureInfo.InvariantCulture, $"  {report.Message}\n");
        if (Blame.Find(report) is { } blame)
            text.Append(CultureInfo.InvariantCulture, $"  {blame}\n");
        foreach (var tensor in report.Tensors.Where(tensor => !tensor.Passes))
            Append(text, tensor);
        foreach (var tensor in report.Tensors.Where(tensor => tensor.Passes))
            text.Append(CultureInfo.InvariantCulture, $"  {tensor.Name} {tensor.Shape}: right\n");
        foreach (var (name, why) in report.LeftOut)
            text.Append(CultureInfo.InvariantCulture, $"  {name}: left out, and not judged: {why}\n");
        return text.ToString(0, text.Length - 1);
    }

    /// <summary>The command that runs only this case.</summary>
    public static string Command(CaseReport report) =>
        $"{ProgramName.Text} check --case {ShellWords.Quoted(report.Question.Case.Id)}"
        + (report.Question.Case.Seed == 1 ? "" : $" --seed {report.Question.Case.Seed}")
        + (report.Kernel is null ? "" : $" --kernel {ShellWords.Quoted(report.Kernel)}")
        + (report.Options is null ? "" : $" {report.Options}");

    private static void Append(StringBuilder text, TensorComparison tensor)
    {
        if (tensor.Problem is not null && tensor.Wrong == tensor.Count)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {tensor.Name} {tensor.Shape}: {tensor.Problem}\n");
            return;
        }
        text.Append(
            CultureInfo.InvariantCulture,
            $"  {tensor.Name} {tensor.Shape}: {tensor.Wrong} of {tensor.Count} elements wrong "
                + $"({100.0 * tensor.Wrong / tensor.Count:0.#} %), largest error {Number(tensor.MaxError)}");
        text.Append(tensor.Bound > 0 ? $" where {Number(tensor.Bound)} is allowed\n" : "\n");
        foreach (var mismatch in tensor.First)
            text.Append(
                CultureInfo.InvariantCulture,
                $"    [{string.Join(",", mismatch.Index)}]  expected {Number(mismatch.Expected)}, got {Number(mismatch.Actual)}\n");
        if (tensor.Problem is not null)
            text.Append(CultureInfo.InvariantCulture, $"    {tensor.Problem}\n");
        if (tensor.Wrong > tensor.First.Count)
            text.Append(CultureInfo.InvariantCulture, $"    … and {tensor.Wrong - tensor.First.Count} more\n");
    }

    private static string Number(double value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
