using Conformance.Cli.Predict;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.Statistics;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Training;

namespace Conformance.Tests.Cli.Predict;

/// <summary>Scores of predictions, against figures worked out elsewhere.</summary>
internal sealed class PredictionsTests
{
    /// <summary>
    /// What scikit-learn 1.2.1 prints for <c>classification_report(y_true, y_pred, labels=range(10), digits=4, zero_division=0)</c> with
    /// <c>y_true = [i * 7 % 10 for i in range(60)]</c> and <c>y_pred = [(t + (1 if i % 4 == 0 else 0)) % 9 for i, t in enumerate(y_true)]</c>.
    /// </summary>
    private const string ScikitLearns = """
                      precision    recall  f1-score   support

                   0     0.2500    0.5000    0.3333         6
                   1     0.6667    1.0000    0.8000         6
                   2     1.0000    0.5000    0.6667         6
                   3     0.6667    1.0000    0.8000         6
                   4     1.0000    0.5000    0.6667         6
                   5     0.6667    1.0000    0.8000         6
                   6     1.0000    0.5000    0.6667         6
                   7     0.6667    1.0000    0.8000         6
                   8     1.0000    0.5000    0.6667         6
                   9     0.0000    0.0000    0.0000         6

            accuracy                         0.6500        60
           macro avg     0.6917    0.6500    0.6200        60
        weighted avg     0.6917    0.6500    0.6200        60
        """;

    [Test]
    public void TheTableIsScikitLearns()
    {
        var labels = Enumerable.Range(0, 60).Select(i => i * 7 % 10).ToArray();
        var predictions = Given([.. labels.Select((label, i) => (label, (label + (i % 4 == 0 ? 1 : 0)) % 9, 0.9))]);
        Assert.That(EvaluationText.ClassTable(predictions), Is.EqualTo(ScikitLearns.ReplaceLineEndings("\n") + "\n"));
    }

    /// <summary>
    /// By hand: in (0.4, 0.4667] two of confidence 0.45 with one right, in (0.8667, 0.9333] two of 0.9 with both right:
    /// (2·|0.5 − 0.45| + 2·|1 − 0.9|) / 4.
    /// </summary>
    [Test]
    public void TheCalibrationErrorIsThatOfTheBins() =>
        Assert.That(Given([(1, 1, 0.45), (2, 3, 0.45), (4, 4, 0.9), (5, 5, 0.9)]).CalibrationError, Is.EqualTo((2 * 0.05 + 2 * 0.1) / 4).Within(1e-12));

    /// <summary>
    /// Its definition: the shares from which the sample's share is 1.96 deviations away, by the deviation that the share itself gives.
    /// </summary>
    [TestCase(99, 100)]
    [TestCase(9912, 10000)]
    [TestCase(100, 100)]
    [TestCase(0, 10)]
    public void TheIntervalIsWilsons(int hits, int count)
    {
        var (low, high) = Wilson.Confidence95(hits, count);
        Assert.That((low, high), Is.EqualTo((hits == 0 ? 0 : DeviationsAway(low), hits == count ? 1 : DeviationsAway(high))));

        double DeviationsAway(double share)
        {
            Assert.That(Math.Abs(share - ((double)hits / count)) / Math.Sqrt(share * (1 - share) / count), Is.EqualTo(1.959964).Within(1e-5));
            return share;
        }
    }

    [Test]
    public void ANetworksLogitsAreThoseOfItsForwardPassAndItStaysInItsMode([Values] bool training)
    {
        var definition = NamedNetworks.Resolve("lenet-batchnorm");
        var net = definition.Build(1);
        net.Training = training;
        byte[] pixels = [.. Enumerable.Range(0, 300 * 784).Select(i => (byte)(i * 31 >> 3))];
        var data = new ImageSet(pixels, [.. Enumerable.Range(0, 300).Select(i => (byte)(i % 10))], 28, 28);
        var predictions = Predictions.Compute(new WeightsFile(definition, net), data, "data");
        Assert.That(net.Training, Is.EqualTo(training));

        using var trainer = new Trainer(net, new Sgd(net.Parameters, 0.1));
        var evaluation = trainer.Evaluate(data);
        Assert.That(predictions.Each.Select(prediction => prediction.IsRight), Is.EqualTo(evaluation.Correct));
        Assert.That(predictions.NegativeLogLikelihood, Is.EqualTo(evaluation.Loss).Within(1e-6));
        Assert.That(predictions.Each.Select(prediction => prediction.Probabilities.Sum()), Has.All.EqualTo(1).Within(1e-12));
        Assert.That(predictions.WorstMistakes.Select(mistake => mistake.Loss), Is.Ordered.Descending);
    }

    [Test]
    public void AHundredImagesSayLittle() =>
        Assert.That(
            EvaluationText.Render(Given([.. Enumerable.Range(0, 100).Select(i => (i % 10, i == 7 ? 1 : i % 10, 0.9))])),
            Does.Contain("99.00 % (99 of 100), 95 % interval 94.55 to 99.82")
                .And.Contain("anywhere from 94.6 % to 99.8 % right").And.Contain("takes 6,085 images"));

    private static Predictions Given((int Label, int Class, double Confidence)[] given) => new(
        new ImageSet(new byte[given.Length], [.. given.Select(one => (byte)one.Label)], 1, 1),
        [.. given.Select((one, i) => new Prediction(i, one.Label, one.Class, Probabilities(one.Class, one.Confidence), 1))]);

    private static double[] Probabilities(int first, double confidence) =>
        [.. Enumerable.Range(0, 10).Select(c => c == first ? confidence : (1 - confidence) / 9)];
}
