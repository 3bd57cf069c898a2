using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Conformance.Tests.Cli;

/// <summary><c>compare</c> against sides whose outcome is known: what it writes, what it prints, how it judges.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Test]
    public void Results_have_exactly_the_agreed_names()
    {
        Compare(new FakeSides());
        var results = Results();

        Assert.That(Names(results), Is.EqualTo(new[] { "conformance", "provider", "config", "scratch", "baseline", "agreement" }));
        Assert.That(Names(results["config"]!),
            Is.EqualTo(new[] { "epochs", "seeds", "batch", "trainImages", "learningRate", "momentum", "threads" }));
        foreach (var side in new[] { "scratch", "baseline" })
        {
            Assert.That(Names(results[side]!), Is.EqualTo(new[] { "testAccuracy", "testLoss", "trainSeconds", "epochs" }));
            Assert.That(Names(results[side]!["epochs"]![0]![0]!),
                Is.EqualTo(new[] { "trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "seconds" }));
        }
        Assert.That(Names(results["agreement"]!),
            Is.EqualTo(new[] { "firstStepMaxError", "meanDifference", "confidence95", "mcnemarP", "distinguishable" }));
        Assert.That((int)results["conformance"]!, Is.EqualTo(1));
        Assert.That((string?)results["provider"], Is.EqualTo("fake torch 1.2.3"));
    }

    [Test]
    public void Results_mean_what_they_say()
    {
        // Scratch ends with 190, 192, 194 of 200 right, the baseline with 188, 186, 184: differences of 1, 3 and 5 points.
        var sides = new FakeSides
        {
            Right = (side, seed, epochs) => epochs == 1 ? 100 : side == "scratch" ? 188 + (2 * (int)seed) : 190 - (2 * (int)seed),
            Gradient = (side, seed) => side == "baseline" ? [1, -2, 4] : seed == 2 ? [1, -2.5f, 4] : [1.25f, -2, 4],
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
        Assert.That((bool)agreement["distinguishable"]!, Is.False);
        // 2, 6 and 10 images on which only scratch is right: 2/2ⁿ.
        Assert.That(Numbers(agreement["mcnemarP"]), Is.EqualTo(new[] { 0.5, 0.03125, 0.001953125 }).Within(1e-12));
        Assert.That((double)agreement["firstStepMaxError"]!, Is.EqualTo(0.125), "seed 2 is the worst: 0.5 of a largest gradient of 4");
    }

    [TestCase(194, true)]
    [TestCase(190, false)]
    public void Equal_differences_in_every_seed_are_distinguishable_unless_they_are_nothing(int scratch, bool expected)
    {
        Compare(new FakeSides { Right = (side, _, _) => side == "scratch" ? scratch : 190 }, "--seeds", "3");
        Assert.That((bool)Results()["agreement"]!["distinguishable"]!, Is.EqualTo(expected));
    }

    [TestCase("1")]
    [TestCase("2")]
    public void Under_three_seeds_there_is_no_interval(string seeds)
    {
        var (_, output, _) = Compare(new FakeSides(), "--seeds", seeds);
        var agreement = Results()["agreement"]!;
        Assert.That(agreement["confidence95"], Is.Null);
        Assert.That(agreement["distinguishable"], Is.Null);
        Assert.That(output, Does.Contain("Too few seeds"));
    }

    [Test]
    public void Both_sides_see_the_same_images_in_the_same_order()
    {
        var sides = new FakeSides();
        Compare(sides, "--epochs", "2", "--seeds", "2", "--batch", "30");

        Assert.That(sides.Trainers.Select(trainer => (trainer.Side, trainer.Seed)),
            Is.EqualTo(new[] { ("scratch", 1UL), ("baseline", 1UL), ("scratch", 2UL), ("baseline", 2UL) }), "seeds 1 to N");
        foreach (var (scratch, baseline) in new[] { (sides.Trainers[0], sides.Trainers[1]), (sides.Trainers[2], sides.Trainers[3]) })
        {
            Assert.That(scratch.Orders, Has.Count.EqualTo(2));
            Assert.That(baseline.Orders, Is.EqualTo(scratch.Orders));
            Assert.That(scratch.Orders[0], Is.EqualTo(sides.Order(scratch.Seed, 0, 100)));
            Assert.That(scratch.Orders[1], Is.EqualTo(sides.Order(scratch.Seed, 1, 100)));
            Assert.That(scratch.FirstBatch, Is.EqualTo(scratch.Orders[0][..30]));
            Assert.That(baseline.FirstBatch, Is.EqualTo(scratch.FirstBatch));
        }
        Assert.That(sides.Trainers.All(trainer => trainer.Disposed), Is.True);
    }

    [Test]
    public void A_train_limit_takes_the_first_images()
    {
        var sides = new FakeSides();
        Compare(sides, "--train-limit", "40", "--batch", "64");
        Assert.That(sides.Trainers[0].Orders[0].Order(), Is.EqualTo(Enumerable.Range(0, 40)));
        Assert.That(sides.Trainers[1].Orders, Is.EqualTo(sides.Trainers[0].Orders));
        Assert.That((int)Results()["config"]!["trainImages"]!, Is.EqualTo(40));
    }

    [Test]
    public void A_train_limit_of_all_the_data_is_allowed() =>
        Assert.That(Compare(new FakeSides(), "--train-limit", "100").ExitCode, Is.Zero);

    [TestCase("--min-accuracy 0.95", 0, "gate passed")]
    [TestCase("--min-accuracy 0.951", 1, "scratch: required at least 0.951 (--min-accuracy), got 0.95")]
    [TestCase("--min-accuracy 0.941", 0, "gate passed")]
    [TestCase("--max-difference 0.01", 0, "gate passed")]
    [TestCase("--max-difference 0.009", 1, "required at most 0.009 (--max-difference), got 0.01")]
    [TestCase("--min-accuracy 0.95 --max-difference 0.01", 0, "gate passed")]
    public void The_gate_passes_at_exactly_its_limit_and_fails_beyond(string gate, int expected, string line)
    {
        // 190 and 192 of 200: 0.95 and 0.96; in float64, 0.96 − 0.95 is more than 0.01.
        var sides = new FakeSides { Right = (side, _, _) => side == "scratch" ? 190 : 192 };
        var (exitCode, _, error) = Compare(sides, gate.Split(' '));
        Assert.That(exitCode, Is.EqualTo(expected));
        Assert.That(error, Does.Contain(line));
        Assert.That(File.Exists(_directory.File("results.json")), "results are written whatever the gate says");
    }

    [Test]
    public void The_gate_judges_either_side()
    {
        var (exitCode, _, error) = Compare(new FakeSides { Right = (side, _, _) => side == "scratch" ? 190 : 180 }, "--min-accuracy", "0.95");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("baseline (torch): required at least 0.95 (--min-accuracy), got 0.9").And.Not.Contain("of scratch"));
    }

    [Test]
    public void A_gradient_that_is_not_a_number_is_seen()
    {
        Compare(new FakeSides { Gradient = (side, _) => side == "scratch" ? [1, float.NaN, 4] : [1, -2, 4] });
        Assert.That((string?)Results()["agreement"]!["firstStepMaxError"], Is.EqualTo("NaN"));
    }

    [Test]
    public void Earlier_results_survive_a_run_that_fails()
    {
        Compare(new FakeSides());
        var (json, html) = (File.ReadAllText(_directory.File("results.json")), File.ReadAllText(_directory.File("report.html")));
        var sides = new FakeSides { OnTrain = side => throw new IOException("the disk is gone") };

        var (exitCode, _, error) = Compare(sides);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo("error: the disk is gone" + Environment.NewLine));
        AssertHolds(json, html);
    }

    [Test]
    public void An_interrupted_run_ends_with_130_and_writes_nothing()
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
    public void With_json_stdout_is_the_results_and_nothing_else()
    {
        var (_, output, error) = Compare(new FakeSides(), "--json");
        Assert.That(output, Is.EqualTo(File.ReadAllText(_directory.File("results.json"))));
        Assert.That(error, Does.Contain("seed 1/3  epoch 1/5"));
    }

    [Test]
    public void Without_a_terminal_there_is_one_line_per_epoch_and_no_control_characters()
    {
        var (_, output, error) = Compare(new FakeSides(), "--epochs", "2", "--seeds", "2");
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(4));
        Assert.That((output + error).Where(c => char.IsControl(c) && c is not '\n' and not '\r'), Is.Empty);
        Assert.That(error.Replace(Environment.NewLine, "\n"), Does.Not.Contain("\r"));
    }

    [Test]
    public void The_table_fits_in_80_columns_and_names_everything()
    {
        var (_, output, _) = Compare(new FakeSides { Right = (side, seed, _) => side == "scratch" ? 190 + (int)seed : 191 }, "--seeds", "3");
        var table = output[..output.IndexOf("  written", StringComparison.Ordinal)]; // a path may be longer
        Assert.That(table.Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(80));
        foreach (var expected in new[] { "scratch", "torch", "96.00 % ± 0.50", "95.50 % ± 0.00", "+0.50 points", "Not distinguishable", "fake torch 1.2.3" })
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
