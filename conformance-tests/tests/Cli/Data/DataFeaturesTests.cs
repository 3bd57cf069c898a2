using System.Globalization;
using System.Text.Json.Nodes;
using Conformance.Cli.Data;
using Conformance.Cli.Shared.Statistics;
using Conformance.Engine.Data;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Data;

/// <summary>Intensity and symmetry by their definitions, what a linear softmax makes of them, and <c>data --features</c>.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DataFeaturesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void TheFeaturesAreThoseOfTheDefinition()
    {
        // Rows (0, 255, 51) and (102, 0, 204). From the left-right mirror: 51 + 0 + 51 + 102 + 0 + 102;
        // from the top-bottom one: twice 102 + 255 + 153.
        var features = ImageFeatures.Measure([0, 255, 51, 102, 0, 204], height: 2, width: 3);
        Assert.That(features.Intensity, Is.EqualTo(612 / 255.0 / 6).Within(1e-15));
        Assert.That(features.Symmetry, Is.EqualTo(1 - (306 / 255.0 / 6 + 1020 / 255.0 / 6) / 2).Within(1e-15));
    }

    [TestCase(new byte[] { 0, 0, 0, 0 }, 0, 1)]
    [TestCase(new byte[] { 255, 255, 255, 255 }, 1, 1)]
    [TestCase(new byte[] { 255, 0, 255, 0 }, 0.5, 0.5, Description = "the left half: symmetric top to bottom alone")]
    [TestCase(new byte[] { 255, 0, 0, 255 }, 0.5, 0, Description = "a chequerboard: symmetric in neither way")]
    public void ExtremesAreAtTheEnds(byte[] image, double intensity, double symmetry) =>
        Assert.That(ImageFeatures.Measure(image, 2, 2), Is.EqualTo(new ImageFeatures(intensity, symmetry)));

    /// <summary>Against gradient descent written out in float64.</summary>
    [Test]
    public void TheSoftmaxComesToTheLeastLoss()
    {
        var random = new Random(3);
        var features = Enumerable.Range(0, 200)
            .Select(i => new ImageFeatures(0.1 + 0.02 * (i % 10) + 0.2 * random.NextDouble(), 0.8 + 0.1 * random.NextDouble()));
        var set = new FeatureSet([.. features], [.. Enumerable.Range(0, 200).Select(i => i % 10)]);
        var (steps, loss, train, test) = FeatureClassifier.Train(set, set, _ => { }, default);
        Assert.That(steps, Is.LessThan(1000));
        Assert.That(loss, Is.EqualTo(LeastLoss(set)).Within(1e-6));
        Assert.That(train, Is.EqualTo(test));
        Assert.That(FeatureClassifier.Train(set, set, _ => { }, default), Is.EqualTo((steps, loss, train, test)), "to the bit");
    }

    [Test, Category("Long")]
    public void ClassesThatLieApartAreTold()
    {
        // Ten places on a circle: each is the extreme of the ten in one direction, which is what a linear softmax can tell.
        var angles = Enumerable.Range(0, 200).Select(i => i % 10 * Math.Tau / 10).ToArray();
        var features = angles.Select(angle => new ImageFeatures(0.5 + 0.4 * Math.Cos(angle), 0.5 + 0.4 * Math.Sin(angle)));
        var set = new FeatureSet([.. features], [.. Enumerable.Range(0, 200).Select(i => i % 10)]);
        var results = FeatureResults.Compute(set, set, [.. Enumerable.Range(0, 10).Select(i => $"{i}")], _ => { }, default);
        Assert.That((results.TestAccuracy, results.MostFrequentAccuracy), Is.EqualTo((1.0, 0.1)));
        Assert.That(results.TestConfidence95, Is.EqualTo(new[] { 0.9812, 1 }).Within(1e-4));
        Assert.That(results.Classes.Select(one => one.Recall), Is.All.EqualTo(1));
    }

    /// <summary>Figures of R's prop.test without correction, and of Newcombe (1998), table I, method 3.</summary>
    [TestCase(81, 263, 0.2553, 0.3662)]
    [TestCase(15, 148, 0.0624, 0.1605)]
    [TestCase(0, 20, 0, 0.1611)]
    [TestCase(1, 29, 0.0061, 0.1718)]
    public void TheIntervalIsWilsons(int count, int of, double low, double high)
    {
        var interval = Wilson.Confidence95(count, of);
        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { low, high }).Within(5e-5));
    }

    [Test]
    public void TheCommandWritesEveryImageAndTheSameAgain()
    {
        IdxFiles.WriteVariedSet(_directory.Path, trainImages: 30, testImages: 20);
        var (exit, output, error) = Data("--json");
        Assert.That((exit, error), Is.EqualTo((0, "")));
        var lines = File.ReadAllLines(InOut("features.csv"));
        var test = ImageSet.Load(_directory.File("t10k-images-idx3-ubyte"), _directory.File("t10k-labels-idx1-ubyte"));
        Assert.That(lines, Has.Length.EqualTo(1 + 30 + 20));
        Assert.That(lines[0], Is.EqualTo("set,index,label,intensity,symmetry"));
        var last = ImageFeatures.Measure(test.Image(19), 28, 28);
        Assert.That(lines[^1], Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"test,19,9,{last.Intensity:R},{last.Symmetry:R}")));
        var features = JsonNode.Parse(output)!["features"]!;
        Assert.That((int)features["testImages"]!, Is.EqualTo(20));
        Assert.That(features["classes"]!.AsArray().Select(one => (int)one!["train"]!), Is.All.EqualTo(3));

        var written = new[] { "features.csv", "features.html", "results.json" }.Select(name => File.ReadAllText(InOut(name))).ToArray();
        Assert.That(Data().Out, Does.Contain("of 20 test images, 95 % interval").And.Contain("features.html"));
        Assert.That(new[] { "features.csv", "features.html", "results.json" }.Select(name => File.ReadAllText(InOut(name))), Is.EqualTo(written));
    }

    [Test]
    public void AClassWithoutImagesIsLeftBlank()
    {
        IdxFiles.WriteSet(_directory.Path, trainImages: 3, testImages: 2);
        Assert.That(Data().ExitCode, Is.Zero);
        var page = Pages.Parse(File.ReadAllText(InOut("features.html")));
        var rows = page.Descendants("tbody").Single().Elements("tr")
            .Select(row => string.Join(' ', row.Elements().Select(cell => cell.Value))).ToArray();
        Assert.That(rows[0], Is.EqualTo("0 1 1 0.0000 1.0000 100.00 %"));
        Assert.That(rows[9], Is.EqualTo("9 0 0 – – –"));
    }

    private string InOut(string name) => _directory.File($"out/{name}");

    private (int ExitCode, string Out, string Error) Data(params string[] args) =>
        Shell.Run(new FakeSides(), ["data", "--features", "--data", _directory.Path, "--out", _directory.File("out"), .. args]);

    private static double LeastLoss(FeatureSet set)
    {
        double[][] inputs = [.. set.Features.Select(one => new[] { 1, one.Intensity, one.Symmetry })];
        for (int feature = 1; feature < 3; feature++)
        {
            double mean = inputs.Average(row => row[feature]), deviation = Math.Sqrt(inputs.Average(row => Math.Pow(row[feature] - mean, 2)));
            foreach (var row in inputs)
                row[feature] = (row[feature] - mean) / deviation;
        }
        var weights = new double[10, 3];
        double loss = 0;
        for (int step = 0; step < 3000; step++)
        {
            var gradient = new double[10, 3];
            loss = 0;
            for (int i = 0; i < inputs.Length; i++)
            {
                double[] powers = [.. Enumerable.Range(0, 10)
                    .Select(c => Math.Exp(weights[c, 0] + weights[c, 1] * inputs[i][1] + weights[c, 2] * inputs[i][2]))];
                double sum = powers.Sum();
                loss -= Math.Log(powers[set.Labels[i]] / sum) / inputs.Length;
                for (int c = 0; c < 10; c++)
                    for (int feature = 0; feature < 3; feature++)
                        gradient[c, feature] += (powers[c] / sum - (c == set.Labels[i] ? 1 : 0)) * inputs[i][feature] / inputs.Length;
            }
            for (int c = 0; c < 10; c++)
                for (int feature = 0; feature < 3; feature++)
                    weights[c, feature] -= 1.5 * gradient[c, feature];
        }
        return loss;
    }
}
