using System.Globalization;

namespace Conformance.Cli.Train;

/// <summary>
/// <c>metrics.csv</c>: the lines of <c>metrics.jsonl</c> as a table, for a spreadsheet. Accuracies are 0–1; where there is no validation split its
/// columns are empty.
/// </summary>
internal static class MetricsCsv
{
    public const string FileName = "metrics.csv";

    private const string Head = "epoch,steps,learning_rate,gradient_norm,train_loss,train_accuracy,"
        + "validation_loss,validation_accuracy,test_loss,test_accuracy,seconds\n";

    public static string Render(IEnumerable<EpochLine> lines) => Head + string.Concat(lines.Select(Row));

    private static string Row(EpochLine line) => string.Join(',', new object?[]
    {
        line.Epoch, line.Steps, line.LearningRate, line.GradientNorm, line.TrainLoss, line.TrainAccuracy,
        line.Validation?.Loss, line.Validation?.Accuracy, line.Test.Loss, line.Test.Accuracy, line.Seconds,
    }.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))) + "\n";
}
