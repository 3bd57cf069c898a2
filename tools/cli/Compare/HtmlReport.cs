using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.Statistics;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Compare;

/// <summary>
/// <c>report.html</c>: a comparison on one page, readable anywhere and for good: one file, inline SVG, no script, nothing from the network.
/// It is well-formed XML, and is built from the results alone.
/// </summary>
internal static class HtmlReport
{
    public static string Render(CompareResults results) => Html.Page(
        "LeNet on MNIST: scratch and torch compared", Resource.Text("report.css"),
        $"""
        <h1>LeNet on MNIST, from scratch and by torch</h1>
        <p class="quiet">{CompareTable.Subject(results.Config)}. All sides start from the same weights and see the same batches in the same order; nudged is torch with the last bit of one weight changed.</p>
        {Verdict(results)}
        {Sides(results)}
        <h2>Agreement</h2>
        <div class="pair">
        {AgreementInWords(results)}
        {DifferenceChart.Draw(results)}
        </div>
        <h2>Curves</h2>
        {Curves(results)}
        <h2>Every number</h2>
        {Numbers(results)}
        <h2>Settings</h2>
        {Settings(results)}
        <footer><p>The same figures for programs: results.json, beside this file.</p></footer>
        """);

    private static Markup Verdict(CompareResults results) =>
        $"""
        <div class="verdict"><p><strong>{FirstStepsText.Verdict(results.FirstSteps)}</strong></p>
        <p>Trained networks: {AgreementText.Verdict(results.Agreement)} Test accuracy, scratch − torch: {AgreementText.Difference(results.Agreement)}.</p></div>
        """;

    private static Markup Sides(CompareResults results) => Html.Table(
        results.Config.Seeds > 1
            ? "Mean over the seeds ± standard deviation; seconds: the median epoch, training only"
            : "One seed; seconds: the median epoch, training only",
        ["", "test accuracy", "test loss", "seconds an epoch"],
        [Side("scratch", results.Scratch), Side("torch", results.Baseline), Side("nudged", results.Nudged)]);

    private static string[] Side(string name, SideResults side) =>
        [
            name, CompareTable.Spread(side.TestAccuracy, 100, "F2", " %"),
            CompareTable.Spread(side.TestLoss, 1, "F4", ""), CompareTable.SecondsAnEpoch(side)];

    private static Markup AgreementInWords(CompareResults results) => Html.Definitions(
        (
            "First steps",
            $"{FirstStepsText.Compared(results.FirstSteps)}; {FirstStepsText.Worst(results.FirstSteps)}. "
                + $"{results.FirstSteps.LeftOut} images were left out: "
                + "they lie so near to a kink of a ReLU or a pool that two right engines may part there."),
        ("Spread", AgreementText.Spread(results.Agreement)
            + ". Two trainings that differ by one bit at the start are two draws of chaos; two right engines are no nearer."),
        ("Images", AgreementText.Disagreements(results.Agreement) + "."),
        ("McNemar", AgreementText.McNemar(results.Agreement) + ". It decides nothing: it compares two trained networks, not two engines."));

    private static Markup Curves(CompareResults results) =>
        $"""
        <ul class="legend">
        <li class="scratch"><svg viewBox="0 0 44 16" aria-hidden="true"><polyline class="mean" points="2,8 42,8"/><circle cx="22" cy="8" r="3.5"/></svg>scratch</li>
        <li class="torch"><svg viewBox="0 0 44 16" aria-hidden="true"><polyline class="mean" points="4,8 40,8"/><rect x="16.5" y="2.5" width="11" height="11"/></svg>torch</li>
        <li class="quiet">{(results.Config.Seeds > 1 ? "thick: mean over the seeds; thin: each seed" : "one seed")}</li>
        </ul>
        <div class="pair">
        {CurveChart.Draw("test-accuracy", "Test accuracy", " %", results, epoch => 100 * epoch.TestAccuracy, best => best - 1)}
        {CurveChart.Draw("test-loss", "Test loss", "", results, epoch => epoch.TestLoss, _ => 0)}
        {CurveChart.Draw("train-accuracy", "Training accuracy, while training", " %", results, epoch => 100 * epoch.TrainAccuracy, best => best - 1)}
        {CurveChart.Draw("train-loss", "Training loss, while training", "", results, epoch => epoch.TrainLoss, _ => 0)}
        </div>
        """;

    private static Markup Numbers(CompareResults results)
    {
        var seeds = results.Scratch.TestAccuracy.Select((scratch, i) => new[]
        {
            $"seed {i + 1}", Figures.Percent(scratch), Figures.Percent(results.Baseline.TestAccuracy[i]),
            Figures.Percent(results.Nudged.TestAccuracy[i]),
            AgreementText.Points(Sample.Difference(scratch, results.Baseline.TestAccuracy[i])),
            AgreementText.Points(Sample.Difference(results.Nudged.TestAccuracy[i], results.Baseline.TestAccuracy[i])),
            results.Agreement.Disagreements[i].ToString(CultureInfo.InvariantCulture),
            results.Agreement.Nudged.Disagreements[i].ToString(CultureInfo.InvariantCulture),
            AgreementText.Probability(results.Agreement.McnemarP[i]),
            Figure(results.Scratch.TrainSeconds[i], "F2"), Figure(results.Baseline.TrainSeconds[i], "F2"),
        });
        var epochs = Epochs("scratch", results.Scratch).Zip(Epochs("torch", results.Baseline), Epochs("nudged", results.Nudged))
            .SelectMany(sides => new[] { sides.First, sides.Second, sides.Third });
        return $"""
            {Html.Table("After the last epoch; differences in points; images: judged differently from torch; seconds of training in all", ["", "scratch", "torch", "nudged", "scratch − torch", "nudged − torch", "images", "nudged images", "McNemar p", "scratch s", "torch s"], seeds)}
            <details><summary>By epoch</summary>
            {Html.Table("Training figures are means over the epoch, while the weights move", ["", "train loss", "train accuracy", "test loss", "test accuracy", "seconds"], epochs)}
            </details>
            """;
    }

    private static IEnumerable<string[]> Epochs(string name, SideResults side) =>
        side.Epochs.SelectMany((seed, i) => seed.Select((epoch, j) => new[]
        {
            $"seed {i + 1}, epoch {j + 1}, {name}", Figure(epoch.TrainLoss, "F4"), Figures.Percent(epoch.TrainAccuracy),
            Figure(epoch.TestLoss, "F4"), Figures.Percent(epoch.TestAccuracy), Figure(epoch.Seconds, "F2"),
        }));

    private static Markup Settings(CompareResults results)
    {
        var config = results.Config;
        return Html.Definitions(
            ("Torch runs on", results.Provider), ("Its float32", results.Float32),
            ("Training images", Figure(config.TrainImages, "N0")), ("Epochs", Figure(config.Epochs, "F0")),
            ("Seeds", config.Seeds == 1 ? "1" : $"1 to {config.Seeds}"), ("Batch", Figure(config.Batch, "F0")),
            ("Optimiser", string.Create(CultureInfo.InvariantCulture, $"SGD, learning rate {config.LearningRate}, momentum {config.Momentum}")),
            ("Threads", config.Threads.ToString()));
    }

    private static string Figure(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
