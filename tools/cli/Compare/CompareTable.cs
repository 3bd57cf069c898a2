using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.Statistics;

namespace Conformance.Cli.Compare;

/// <summary>What <c>compare</c> prints: one table that fits in 80 columns.</summary>
internal static class CompareTable
{
    public static string Render(CompareResults results, Terminal terminal, IEnumerable<string> written)
    {
        var agreement = results.Agreement;
        var lines = new List<string>
        {
            "",
            terminal.Bold(FirstStepsText.Verdict(results.FirstSteps)),
            "",
            Subject(results.Config) + (results.Config.Seeds > 1 ? "; mean ± deviation" : ""),
            Settings(results.Config),
            "",
            terminal.Bold($"  {"",-10}{"test accuracy",-20}{"test loss",-22}{"seconds an epoch"}"),
            Row("scratch", results.Scratch),
            Row("torch", results.Baseline),
            Row("nudged", results.Nudged),
            "",
            Entry("first steps", FirstStepsText.Compared(results.FirstSteps)),
            Entry("", FirstStepsText.Worst(results.FirstSteps)),
            Entry("difference", $"scratch − torch = {AgreementText.Difference(agreement)}"),
            Entry("", AgreementText.Verdict(agreement)),
            Entry("spread", AgreementText.Spread(agreement)),
            Entry("images", AgreementText.Disagreements(agreement)),
            Entry("McNemar", AgreementText.McNemar(agreement)),
            Entry("", "It compares two trained networks, and says nothing of the engines."),
            Entry("torch", results.Provider),
            Entry("", results.Float32),
            "",
        };
        lines.AddRange(written.Select(file => Entry("written", file)));
        return string.Concat(lines.Select(line => line.TrimEnd() + "\n"));
    }

    /// <summary>The mean over the seeds, and their standard deviation where there are two or more.</summary>
    public static string Spread(IReadOnlyList<double> values, double scale, string format, string unit)
    {
        string Text(double value) => (scale * value).ToString(format, CultureInfo.InvariantCulture);
        var spread = Sample.StandardDeviation(values) is { } deviation ? $" ± {Text(deviation)}" : "";
        return $"{Text(values.Average())}{unit}{spread}";
    }

    /// <summary>The median over all epochs of all seeds: the first of them also pays for the JIT.</summary>
    public static string SecondsAnEpoch(SideResults side) =>
        Sample.Median(side.Epochs.SelectMany(seed => seed).Select(epoch => epoch.Seconds)).ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>What was trained, on how much, how often.</summary>
    public static string Subject(CompareConfig config) => string.Create(CultureInfo.InvariantCulture,
        $"LeNet on MNIST: {config.TrainImages:N0} training images, {Count(config.Epochs, "epoch")}, {Count(config.Seeds, "seed")}");

    /// <summary>What both sides were given.</summary>
    public static string Settings(CompareConfig config) => string.Create(CultureInfo.InvariantCulture,
        $"batch {config.Batch}, learning rate {config.LearningRate}, momentum {config.Momentum}, threads: {config.Threads}");

    private static string Row(string name, SideResults side) =>
        $"  {name,-10}{Spread(side.TestAccuracy, 100, "F2", " %"),-20}{Spread(side.TestLoss, 1, "F4", ""),-22}{SecondsAnEpoch(side),16}";

    private static string Entry(string name, string text) => $"  {name,-12}{text}";

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
