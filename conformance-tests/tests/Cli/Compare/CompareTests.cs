using System.Text.Json;
using System.Text.Json.Nodes;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Compare;

/// <summary><c>compare</c> against sides whose outcome is known: what it writes, what it prints, how it judges.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ResultsHaveExactlyTheAgreedNames()
    {
        Compare(new FakeSides());
        var results = Results();

        Assert.That(
            Names(results),
            Is.EqualTo(new[] { "conformance", "provider", "float32", "config", "scratch", "baseline", "nudged", "firstSteps", "agreement" }));
        Assert.That(Names(results["config"]!),
            Is.EqualTo(new[] { "epochs", "seeds", "batch", "trainImages", "learningRate", "momentum", "threads" }));
        foreach (var side in new[] { "scratch", "baseline", "nudged" })
        {
            Assert.That(Names(results[side]!), Is.EqualTo(new[] { "testAccuracy", "testLoss", "trainSeconds", "epochs" }));
            Assert.That(Names(results[side]!["epochs"]![0]![0]!),
                Is.EqualTo(new[] { "trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "seconds" }));
        }
        Assert.That(Names(results["agreement"]!),
            Is.EqualTo(new[]
            {
                "meanDifference", "deviation", "confidence95", "margin", "equivalentP",
                "differentP", "distinguishable", "disagreements", "mcnemarP", "nudged",
            }));
        Assert.That(Names(results["agreement"]!["nudged"]!), Is.EqualTo(new[] { "meanDifference", "deviation", "disagreements" }));
        Assert.That(
            Names(results["firstSteps"]!),
            Is.EqualTo(new[] { "steps", "images", "leftOut", "firstStepMaxError", "scratch", "baseline", "isGood" }));
        Assert.That(Names(results["firstSteps"]!["scratch"]!), Is.EqualTo(new[] { "worstOfLimit", "differsAt" }));
        Assert.That((int)results["conformance"]!, Is.EqualTo(2));
        Assert.That((string?)results["float32"], Is.EqualTo("all convolutions right"));
        Assert.That((string?)results["provider"], Is.EqualTo("fake torch 1.2.3"));
    }

    [Test]
    public void ResultsMeanWhatTheySay()
    {
        // Scratch ends with 190, 192, 194 of 200 right, the baseline with 188, 186, 184: differences of 1, 3 and 5 points.
        var sides = new FakeSides
        {
            Right = (side, seed, epochs) => (side, epochs) switch
            {
                (_, 1) => 100,
                ("scratch", _) => 188 + (2 * (int)seed),
                ("nudged", _) => 191 - (2 * (int)seed),
                _ => 190 - (2 * (int)seed),
            },
        };
        Compare(sides, "--epochs", "2", "--seeds", "3", "--batch", "30", "--lr", "0.1", "--momentum", "0.5", "--threads", "1");
        var results = Results();

        Assert.That(results["config"]!.ToJsonString(), Is.EqualTo(
            """{"epochs":2,"seeds":3,"batch":30,"trainImages":100,"learningRate":0.1,"momentum":0.5,"threads":{"scratch":1,"baseline":1}}"""));
        Assert.That(Numbers(results["scratch"]!["testAccuracy"]), Is.EqualTo(new[] { 0.95, 0.96, 0.97 }), "the last epoch's, by seed");
        Assert.That(Numbers(results["baseline"]!["testAccuracy"]), Is.EqualTo(new[] { 0.94, 0.93, 0.92 }));
        Assert.That(Numbers(results["scratch"]!["testLoss"]), Is.EqualTo(new[] { 0.125, 0.125, 0.125 }));
        Assert.That(results["scratch"]!["epochs"]!.AsArray(), Has.Count.EqualTo(3));
        var second = results["scratch"]!["epochs"]![2]!;
        Assert.That(second.AsArray(), Has.Count.EqualTo(2));
        Assert.That((double)second[0]!["testAccuracy"]!, Is.EqualTo(0.5));
        Assert.That((double)second[1]!["testAccuracy"]!, Is.EqualTo(0.97));
        Assert.That((double)second[1]!["trainLoss"]!, Is.EqualTo(0.5));
        Assert.That((double)second[1]!["trainAccuracy"]!, Is.EqualTo(0.5));
        var seconds = Numbers(results["scratch"]!["trainSeconds"]);
        Assert.That(seconds[2], Is.EqualTo((double)second[0]!["seconds"]! + (double)second[1]!["seconds"]!).Within(1e-12));

        var agreement = results["agreement"]!;
        Assert.That((double)agreement["meanDifference"]!, Is.EqualTo(0.03), "scratch − baseline");
        // s = 2 points, t₂ = 4.30265: half width 4.96827 points.
        Assert.That(Numbers(agreement["confidence95"]), Is.EqualTo(new[] { -0.0196827, 0.0796827 }).Within(1e-7));
        Assert.That((double)agreement["deviation"]!, Is.EqualTo(0.02).Within(1e-12));
        Assert.That(agreement["distinguishable"], Is.Null, "neither equivalent nor different");
        // t₂ = 0.03/(0.02/√3) = 2.598: two-sided p = 1 − t/√(2 + t²) = 0.12169.
        Assert.That((double)agreement["differentP"]!, Is.EqualTo(0.12169).Within(1e-5));
        Assert.That(agreement["disagreements"].Deserialize<int[]>(), Is.EqualTo(new[] { 2, 6, 10 }));
        Assert.That((double)agreement["nudged"]!["meanDifference"]!, Is.EqualTo(0.005));
        Assert.That((double)agreement["nudged"]!["deviation"]!, Is.Zero.Within(1e-12));
        Assert.That(agreement["nudged"]!["disagreements"].Deserialize<int[]>(), Is.EqualTo(new[] { 1, 1, 1 }));
        // 2, 6 and 10 images on which only scratch is right: 2/2ⁿ.
        Assert.That(Numbers(agreement["mcnemarP"]), Is.EqualTo(new[] { 0.5, 0.03125, 0.001953125 }).Within(1e-12));
    }

    [TestCase(194, true, "Different (p = 0")]
    [TestCase(190, false, "Equivalent within 0.3 points (p = 0")]
    public void EqualDifferencesInEverySeedAreDistinguishableUnlessTheyAreNothing(int scratch, bool expected, string words)
    {
        var (_, output, _) = Compare(new FakeSides { Right = (side, _, _) => side == "scratch" ? scratch : 190 }, "--seeds", "3");
        Assert.That((bool)Results()["agreement"]!["distinguishable"]!, Is.EqualTo(expected));
        Assert.That(output, Does.Contain(words));
    }

    [Test]
    public void AnEngineWithinRoundingIsEqualToRounding()
    {
        var (exitCode, output, _) = Compare(new FakeSides { Gradient = side => side == "scratch" ? [1, -2, 4.000001] : [1, -2, 4] });
        Assert.That(exitCode, Is.Zero);
        Assert.That(output.TrimStart(), Does.StartWith("Scratch and torch are equal to rounding."));
        // 50 terms: √(2·50) = 10 times the one rounding of the second nudged training, 4·2⁻²⁴.
        Assert.That((double)Results()["firstSteps"]!["scratch"]!["worstOfLimit"]!, Is.EqualTo(1e-6 / (40.0 / (1 << 24))).Within(1e-6));
        Assert.That((double)Results()["firstSteps"]!["firstStepMaxError"]!, Is.EqualTo(0.25e-6).Within(1e-12));
        Assert.That((double)Results()["firstSteps"]!["baseline"]!["worstOfLimit"]!, Is.Zero);
    }

    [Test]
    public void AnEngineBeyondRoundingDiffersAndTheExitCodeIs1()
    {
        var (exitCode, output, error) = Compare(new FakeSides { Gradient = side => side == "scratch" ? [1, -2, 4.00001] : [1, -2, 4] });
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output.TrimStart(), Does.StartWith("Differ at fc.weight: gradient of step 1 off by 2e-6 of its size, 5e-7 allowed."));
        Assert.That(error, Does.Contain("failed: Differ at fc.weight"));
        Assert.That((string?)Results()["firstSteps"]!["scratch"]!["differsAt"], Does.StartWith("fc.weight: gradient of step 1"));
        Assert.That((bool)Results()["firstSteps"]!["isGood"]!, Is.False);
    }

    [Test]
    public void WhereTorchIsWrongTheReferenceIsWhatDiffers()
    {
        var (exitCode, output, _) = Compare(new FakeSides { Gradient = side => side == "baseline" ? [1, 2, double.NaN] : [1, -2, 4] });
        Assert.That(exitCode, Is.Zero);
        Assert.That(output.TrimStart(), Does.StartWith("Scratch is equal to float64 to rounding; torch's float32 is what differs."));
        Assert.That(output, Does.Contain("torch differs at fc.weight: gradient of step 1 off by NaN"));
        Assert.That((string?)Results()["firstSteps"]!["baseline"]!["worstOfLimit"], Is.EqualTo("NaN"));
    }

    [Test]
    public void ImagesAtKinksAreLeftOutForBothSides()
    {
        var sides = new FakeSides { AtKink = image => image < 5 };
        Compare(sides, "--batch", "30", "--epochs", "1", "--seeds", "1");
        var first = Results()["firstSteps"]!;
        Assert.That(((int)first["steps"]!, (int)first["images"]!, (int)first["leftOut"]!), Is.EqualTo((4, 95, 5)));
        Assert.That(sides.Trainers[1].FirstBatches, Is.EqualTo(sides.Trainers[0].FirstBatches));
        Assert.That(sides.Trainers[0].FirstBatches.SelectMany(batch => batch), Is.EqualTo(sides.Order(1, 0, 100).Where(image => image >= 5)));
    }

    [Test]
    public void WhereNoImageCanBeComparedItSaysSo()
    {
        var (exitCode, output, _) = Compare(new FakeSides { AtKink = _ => true });
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("could not be compared"));
        Assert.That((int)Results()["firstSteps"]!["steps"]!, Is.Zero);
        Assert.That(Results()["firstSteps"]!["firstStepMaxError"], Is.Null);
    }

    [TestCase(64, 60_000, 50, 3200)]
    [TestCase(1000, 60_000, 4, 3200)]
    [TestCase(60_000, 60_000, 1, 3200)]
    [TestCase(30, 100, 8, 200)]
    public void FirstStepsAre50OfTheTrainingAndNoMoreThan3200Images(int batch, int trainImages, int steps, int images)
    {
        var sides = new FakeSides { TrainImages = trainImages };
        Compare(sides, "--batch", $"{batch}", "--epochs", "2", "--seeds", "1");
        var first = Results()["firstSteps"]!;
        Assert.That(((int)first["steps"]!, (int)first["images"]!), Is.EqualTo((steps, images)));
        Assert.That(sides.Trainers[0].FirstBatches[0], Is.EqualTo(sides.Order(1, 0, trainImages)[..Math.Min(batch, images)]));
    }

    [TestCase("1")]
    [TestCase("2")]
    public void UnderThreeSeedsThereIsNoInterval(string seeds)
    {
        var (_, output, _) = Compare(new FakeSides(), "--seeds", seeds);
        var agreement = Results()["agreement"]!;
        Assert.That(agreement["confidence95"], Is.Null);
        Assert.That(agreement["distinguishable"], Is.Null);
        Assert.That(output, Does.Contain($"Not yet shown with {seeds} seed"));
    }

    [Test]
    public void AllSidesSeeTheSameImagesInTheSameOrder()
    {
        var sides = new FakeSides();
        Compare(sides, "--epochs", "2", "--seeds", "2", "--batch", "30");

        Assert.That(sides.Trainers.Select(trainer => (trainer.Side, trainer.Seed)), Is.EqualTo(
            from seed in new ulong[] { 1, 1, 2 } from side in new[] { "scratch", "baseline", "nudged" } select (side, seed)),
            "the first steps, then seeds 1 to N");
        foreach (var seed in sides.Trainers.Skip(3).Chunk(3))
        {
            Assert.That(seed[0].Orders, Has.Count.EqualTo(2));
            Assert.That(seed[1].Orders, Is.EqualTo(seed[0].Orders));
            Assert.That(seed[2].Orders, Is.EqualTo(seed[0].Orders));
            Assert.That(seed[0].Orders[0], Is.EqualTo(sides.Order(seed[0].Seed, 0, 100)));
            Assert.That(seed[0].Orders[1], Is.EqualTo(sides.Order(seed[0].Seed, 1, 100)));
        }
        Assert.That(sides.Trainers.All(trainer => trainer.Disposed), Is.True);
    }

    [Test]
    public void ATrainLimitTakesTheFirstImages()
    {
        var sides = new FakeSides();
        Compare(sides, "--train-limit", "40", "--batch", "64");
        Assert.That(sides.Trainers[3].Orders[0].Order(), Is.EqualTo(Enumerable.Range(0, 40)));
        Assert.That(sides.Trainers[4].Orders, Is.EqualTo(sides.Trainers[3].Orders));
        Assert.That((int)Results()["config"]!["trainImages"]!, Is.EqualTo(40));
    }

    [Test, Category("Long")]
    public void ATrainLimitOfAllTheDataIsAllowed() =>
        Assert.That(Compare(new FakeSides(), "--train-limit", "100").ExitCode, Is.Zero);

    [TestCase("--min-accuracy 0.95", 0, "gate passed")]
    [TestCase("--min-accuracy 0.951", 1, "scratch: required at least 0.951 (--min-accuracy), got 0.95")]
    [TestCase("--min-accuracy 0.941", 0, "gate passed")]
    [TestCase("--max-difference 0.01", 0, "gate passed")]
    [TestCase("--max-difference 0.009", 1, "required at most 0.009 (--max-difference), got 0.01")]
    [TestCase("--min-accuracy 0.95 --max-difference 0.01", 0, "gate passed")]
    public void TheGatePassesAtExactlyItsLimitAndFailsBeyond(string gate, int expected, string line)
    {
        // 190 and 192 of 200: 0.95 and 0.96; in float64, 0.96 − 0.95 is more than 0.01.
        var sides = new FakeSides { Right = (side, _, _) => side == "scratch" ? 190 : 192 };
        var (exitCode, _, error) = Compare(sides, gate.Split(' '));
        Assert.That(exitCode, Is.EqualTo(expected));
        Assert.That(error, Does.Contain(line));
        Assert.That(File.Exists(_directory.File("results.json")), "results are written whatever the gate says");
    }

    [Test]
    public void TheGateJudgesEitherSide()
    {
        var (exitCode, _, error) = Compare(new FakeSides { Right = (side, _, _) => side == "scratch" ? 190 : 180 }, "--min-accuracy", "0.95");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("baseline (torch): required at least 0.95 (--min-accuracy), got 0.9").And.Not.Contain("of scratch"));
    }

    [Test]
    public void EarlierResultsSurviveARunThatFails()
    {
        Compare(new FakeSides());
        var (json, html) = (File.ReadAllText(_directory.File("results.json")), File.ReadAllText(_directory.File("report.html")));
        var sides = new FakeSides { OnTrain = side => throw new IOException("the disk is gone") };

        var (exitCode, _, error) = Compare(sides);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.EndWith(Environment.NewLine + "error: the disk is gone" + Environment.NewLine));
        AssertHolds(json, html);
    }

    [Test]
    public void AnInterruptedRunEndsWith130AndWritesNothing()
    {
        Compare(new FakeSides());
        var (json, html) = (File.ReadAllText(_directory.File("results.json")), File.ReadAllText(_directory.File("report.html")));
        using var interrupt = new CancellationTokenSource();
        var sides = new FakeSides { OnTrain = side => { if (side == "baseline") interrupt.Cancel(); } };

        var (exitCode, _, error) = Shell.Run(sides, interrupt.Token, "compare", "--out", _directory.Path);

        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(error, Does.EndWith("error: interrupted; nothing was written" + Environment.NewLine));
        Assert.That(sides.Trainers.All(trainer => trainer.Disposed), Is.True);
        AssertHolds(json, html);
    }

    [Test]
    public void WithJsonStdoutIsTheResultsAndNothingElse()
    {
        var (_, output, error) = Compare(new FakeSides(), "--json");
        Assert.That(output, Is.EqualTo(File.ReadAllText(_directory.File("results.json"))));
        Assert.That(error, Does.Contain("seed 1/4  epoch 1/2"));
    }

    [Test]
    public void WithoutATerminalThereIsOneLineForTheFirstStepsAndOnePerEpochAndNoControlCharacters()
    {
        var (_, output, error) = Compare(new FakeSides(), "--epochs", "2", "--seeds", "2");
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(5));
        Assert.That((output + error).Where(c => char.IsControl(c) && c is not '\n' and not '\r'), Is.Empty);
        Assert.That(error.Replace(Environment.NewLine, "\n"), Does.Not.Contain("\r"));
    }

    [Test]
    public void TheTableFitsIn80ColumnsAndNamesEverything()
    {
        var (_, output, _) = Compare(new FakeSides { Right = (side, seed, _) => side == "scratch" ? 190 + (int)seed : 191 }, "--seeds", "3");
        var table = output[..output.IndexOf("  written", StringComparison.Ordinal)]; // a path may be longer
        Assert.That(table.Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(80));
        foreach (var expected in new[]
        {
            "scratch", "torch", "96.00 % ± 0.50", "95.50 % ± 0.00", "+0.50 points", "Not yet shown", "fake torch 1.2.3", "all convolutions right"
        })
            Assert.That(output, Does.Contain(expected));
    }

    private (int ExitCode, string Out, string Error) Compare(FakeSides sides, params string[] args) =>
        Shell.Run(sides, ["compare", "--out", _directory.Path, .. args]);

    private JsonNode Results() => JsonNode.Parse(File.ReadAllText(_directory.File("results.json")))!;

    private void AssertHolds(string json, string html)
    {
        Assert.That(File.ReadAllText(_directory.File("results.json")), Is.EqualTo(json));
        Assert.That(File.ReadAllText(_directory.File("report.html")), Is.EqualTo(html));
        Assert.That(Directory.GetFiles(_directory.Path), Has.Length.EqualTo(2), "no temporary file is left");
    }

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(pair => pair.Key)];

    private static double[] Numbers(JsonNode? node) => node.Deserialize<double[]>()!;
}
