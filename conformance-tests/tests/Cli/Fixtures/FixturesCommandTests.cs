using System.Text.RegularExpressions;
using Conformance.Cli.Fixtures;
using Conformance.Cli.Torch;
using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;
using Conformance.Tests.Suite.Fixtures;
using Conformance.Torch;

namespace Conformance.Tests.Cli.Fixtures;

/// <summary>
/// Tests of <c>fixtures</c> from the command line. Each problem is one line, a problem does not end the check, and only changed vectors are written.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FixturesCommandTests : IDisposable
{
    private readonly SmallFixtures _fixtures = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _fixtures.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void VerifyFindsNothingWrongInWhatTheGeneratorWrote()
    {
        var (exit, output, error) = Run("fixtures", "verify", "--fixtures", _fixtures.Root);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero, error);
            Assert.That(output, Does.Contain("nothing is wrong").And.Contain("torch"));
            Assert.That(output.Split('\n'), Has.All.Length.LessThan(130));
        });
    }

    [TestCase("relu/n1c1h1w7.json", "\"data\": [2,", "\"data\": [3,", "relu/n1c1h1w7: inputs: not what the id draws")]
    [TestCase(
        "relu/n1c1h1w7.json", "[2,3,2,0,0,3,0]", "[2,3,2,0,0,3,1]", "expected.outputs.output: 1 of 7 elements differ from what the oracle answers")]
    [TestCase("relu/n1c1h1w7.json", "\"relu.mask-missing\": 3", "\"relu.mask-missing\": 5", "separation.relu.mask-missing: 5 is stored, 3 is proved")]
    [TestCase("relu/n1c1h1w7.json", "TorchSharp 0 (a test)", "my own head", "provenance")]
    [TestCase("relu/n1c1h1w7.json", "[\"relu.mask-missing\"]", "[]", "relu/n1c1h1w7: catches: not what its case file says")]
    [TestCase("relu/n1c1h1w7.json", "\"tier\":", " \"tier\":", "not as the generator writes it")]
    [TestCase("relu/n1c1h1w7.json", "[2,3,2,0,0,3,0]", "[2,3,2,0,0,3,1]", "relu/n1c1h1w7.json: SHA-256")]
    [TestCase(
        "cross_entropy/n1c3-mean.json", "\"bounds\": {\n\"outputs\": {\n  \"output\": {\"shape\": [], \"data\": [",
        "\"bounds\": {\n\"outputs\": {\n  \"output\": {\"shape\": [], \"data\": [9", "bounds.outputs.output")]
    [TestCase("cross_entropy/n1c3-mean.json", "\"referenceFloat32Error\": 0", "\"referenceFloat32Error\": 1", "float32 error")]
    [TestCase("relu.cases.json", "\"case\": \"n1c1h1w7\"", "\"case\": \"n1c1h1w8\"", "relu/n1c1h1w7: stored, but no case has this id")]
    [TestCase("relu.cases.json", "\"case\": \"n1c1h1w7\"", "\"case\": \"n1c1h1w8\"", "relu/n1c1h1w8: not stored")]
    [TestCase("relu.cases.json", "\"aspects\": [\"narrow\"]", "\"aspects\": []", "relu: aspect 'narrow': no case covers it")]
    public void VerifyNamesEveryProblemInOneLineAndEndsWith1(string file, string before, string after, string problem)
    {
        _fixtures.Edit(file, before, after);
        var (exit, output, error) = Run("fixtures", "verify", "--fixtures", _fixtures.Root);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1), error);
            Assert.That(error, Does.Contain(problem));
            Assert.That(error.TrimEnd().Split('\n'), Has.All.StartsWith("problem: "));
            Assert.That(output, Does.Contain("problems"));
        });
    }

    [Test]
    public void VerifyReadsOnAfterAFileThatItCanNotRead()
    {
        _fixtures.Edit(SmallFixtures.Bounded + ".json", "\"tier\": \"bounded\"", "\"tier\": \"loose\"");
        _fixtures.Edit("conv2d.cases.json", "\"case\": \"n1c1h4w5-o1-k2x3\"", "\"case\": \"../../x\"");
        _fixtures.Edit(SmallFixtures.Exact + ".json", "[2,3,2,0,0,3,0]", "[2,3,2,0,0,3,1]");
        var (exit, output, error) = Run("fixtures", "verify", "--fixtures", _fixtures.Root);
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(2));
            Assert.That(
                error,
                Does.Contain("n1c3-mean.json: tier: expected exact or bounded, got 'loose'")
                    .And.Contain("conv2d.cases.json: cases[1].case: '../../x' is no name of a case"));
            Assert.That(error, Does.Contain("relu/n1c1h1w7: expected.outputs.output"), "the other files are still checked");
            Assert.That(error.TrimEnd().Split('\n'), Has.All.Matches("^(error|problem): "));
            Assert.That(output, Does.Contain("relu"));
        });
    }

    [TestCase("manifest.json", "{", "[")]
    [TestCase("schema/vector.schema.json", "{", "[")]
    public void VerifyNamesAManifestOrSchemaThatItCanNotRead(string file, string before, string after)
    {
        _fixtures.Edit(file, before, after);
        var (exit, _, error) = Run("fixtures", "verify", "--fixtures", _fixtures.Root);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"error: {_fixtures.At(file)}: "));
    }

    [Test]
    public void ShowPrintsGridsWithHeadingsAndTheClaims()
    {
        var (exit, output, _) = Run("fixtures", "show", "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0");
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            Assert.That(
                output,
                Does.Contain("input [2,3,7,5]").And.Contain("  [1,2,·,·]").And.Contain("gradients.weight [4,3,3,2]").And.Contain("kernel-rotated"));
            Assert.That(output, Does.Contain("stride [2,1]"));
        });
    }

    [TestCase("conv2d/n2c4h5w6-o6-k2x3-s1x2-p1.0x0.2-d2x1-g2")]
    [TestCase("linear/n3-i5-o4")]
    [TestCase("max_pool2d/n2c2h7w6-k3x2-s2x1-p1x0")]
    [TestCase("relu/n2c3h4w5")]
    public void TheTermsOfAnElementAddUpToIt(string id)
    {
        var question = Question.AnsweredByTheOracle(AllOperations.Draw(id));
        foreach (var (name, tensor) in question.Expected.Tensors)
            for (var i = 0; i < tensor.Length; i += 1 + tensor.Length / 5)
            {
                var text = ElementSum.Render(question, name + Tensor64.Text(tensor.IndexOf(i)));
                Assert.That(Regex.Match(text, @"sum of \d+ terms: (\S+)").Groups[1].Value, Is.EqualTo(TensorGrid.Number(tensor[i])), text);
            }
    }

    [TestCase("cross_entropy/n1c3-mean", "gradients.input[0,1]", 0, "is a formula, no sum of taps")]
    [TestCase("conv2d/n1c1h4w5-o1-k2x3", "outputs.output[0,0,1,2]", 0, "· weight[0,0,1,2]=")]
    [TestCase("conv2d/n1c1h4w5-o1-k2x3", "outputs.output[0,0,9,2]", 2, "has shape [1,1,3,3]; got [0,0,9,2]")]
    [TestCase("conv2d/n1c1h4w5-o1-k2x3", "output[0]", 2, "answers outputs.output")]
    [TestCase("conv2d/n1c1h4w5-o1-k2x3", "what", 2, "such as outputs.output[0,1,2,3]")]
    [TestCase(SmallFixtures.Refused, "outputs.output[0]", 2, "is refused")]
    [TestCase("conv2d/n1c1h4w5-z1", "outputs.output[0]", 2, "expected a part like")]
    public void ShowWritesOutAnElement(string id, string element, int exitCode, string expected)
    {
        var (exit, output, error) = Run("fixtures", "show", id, "--element", element);
        Assert.That(exit, Is.EqualTo(exitCode));
        Assert.That(output + error, Does.Contain(expected));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void ListIsNarrowAndEndsInASum()
    {
        var lines = Run("fixtures", "list").Out.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(Repository.Cases.Count + 2));
        Assert.That(lines, Has.All.Length.LessThan(100));
        Assert.That(lines[^1], Does.Match(@"^\d+ stored vectors, \d+ of them recipes, [\d.]+ [KM]iB$"));
    }

    [Test]
    public void RegenerateMakesVectorsOfCasesOfOnesOwnAndKeepsThemTheSecondTime()
    {
        LiveTorch.Require();
        var (file, vector) = (_fixtures.At("cross_entropy.cases.json"), _directory.File("cross_entropy/n1c3-mean.json"));
        Assert.That(Run("fixtures", "regenerate", "--cases", file, "--out", _directory.Path).ExitCode, Is.Zero);
        var first = File.ReadAllText(vector);
        Assert.That(Run("fixtures", "regenerate", "--cases", file, "--out", _directory.Path).Out, Does.StartWith("1 unchanged, 0 added, 0 changed"));
        Assert.That(File.ReadAllText(vector), Is.EqualTo(first));
    }

    /// <summary>
    /// A last bit that differs on another CPU keeps its stored text, and the provenance names the machines that agree. Another value is named, and is
    /// written only with --accept.
    /// </summary>
    [Test]
    [NonParallelizable]
    public void RegenerateKeepsLastBitsAndRefusesOtherValues()
    {
        LiveTorch.Require();
        var (file, vector) = (_fixtures.At("cross_entropy.cases.json"), _fixtures.At(SmallFixtures.Bounded + ".json"));
        string[] command = ["fixtures", "regenerate", "--cases", file, "--out", _fixtures.Root];
        var loss = Regex.Match(
            File.ReadAllText(vector), "\"expected\": {\n\"outputs\": {\n  \"output\": {\"shape\": \\[\\], \"data\": \\[([^]]+)").Groups[1].Value;
        var value = double.Parse(loss, System.Globalization.CultureInfo.InvariantCulture);

        _fixtures.Edit(SmallFixtures.Bounded + ".json", loss, VectorText.Number(Math.BitIncrement(value)));
        var drifted = File.ReadAllText(vector);
        Assert.That(Run(command).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(vector), Is.EqualTo(drifted.Replace("TorchSharp 0 (a test)", TorchRuntime.Provider, StringComparison.Ordinal)));

        _fixtures.Edit(SmallFixtures.Bounded + ".json", VectorText.Number(Math.BitIncrement(value)), VectorText.Number(value + 1e-6));
        var wrong = File.ReadAllText(vector);
        var (exit, _, error) = Run(command);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(
            error,
            Does.Contain("cross_entropy/n1c3-mean: expected.outputs.output: 1 of 1 elements, by 1E-06 at most").And.Contain("find out which"));
        Assert.That(File.ReadAllText(vector), Is.EqualTo(wrong));

        var ci = Environment.GetEnvironmentVariable("CI");
        try
        {
            Environment.SetEnvironmentVariable("CI", "true");
            Assert.That(Run([.. command, "--accept"]).ExitCode, Is.EqualTo(1), "never in CI");
            Environment.SetEnvironmentVariable("CI", null);
            Assert.That(Run([.. command, "--accept"]).Out, Does.StartWith("0 unchanged, 0 added, 1 changed"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("CI", ci);
        }
        Assert.That(File.ReadAllText(vector), Is.Not.EqualTo(wrong).And.Contain("libtorch"));
    }

    [TestCase("--cases FILE and --out DIR belong together", "fixtures", "regenerate", "--cases", "x")]
    [TestCase("--cases FILE and --out DIR belong together", "fixtures", "regenerate", "--out", "x")]
    [TestCase("unknown operation", "fixtures", "list", "--op", "conv9d")]
    [TestCase("there is no such folder", "fixtures", "verify", "--fixtures", "/nowhere")]
    [TestCase("expected one of list, show, verify, diff, regenerate", "fixtures")]
    public void WrongUseIsOneLineAndExitCode2(string message, params string[] args)
    {
        var (exit, _, error) = Run(args);
        Assert.That(exit, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain(message));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("list")]
    [TestCase("show")]
    [TestCase("verify")]
    [TestCase("diff")]
    [TestCase("regenerate")]
    public void EachCommandExplainsItself(string command) =>
        Assert.That(Run("fixtures", command, "--help").Out, Does.Contain($"tools/conformance fixtures {command}"));

    private static (int ExitCode, string Out, string Error) Run(params string[] args) => Shell.Run(new TorchReference(), default, args);
}

/// <summary><c>check --cases</c>: a file of one's own, with every way in which it can be wrong. What can be read is still judged.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CheckCasesTests : IDisposable
{
    private readonly SmallFixtures _fixtures = new();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _fixtures.Dispose();
        _directory.Dispose();
    }

    [TestCase("relu.cases.json", "the stored vector, TorchSharp 0 (a test)")]
    [TestCase("conv2d.cases.json", "2 of 2 pass")]
    public void AVectorBesideTheFileAnswers(string file, string expected)
    {
        var (exit, output, error) = Check(file);
        Assert.That(exit, Is.Zero, error);
        Assert.That(output, Does.Contain(expected));
    }

    [Test]
    public void WhereThereIsNoneTheOracleAnswersAndTheSeedIsTheFiles()
    {
        _fixtures.Edit("relu.cases.json", "\"op\"", "\"seed\": 7, \"op\"");
        var (exit, output, error) = Check("relu.cases.json");
        Assert.That(exit, Is.Zero, error);
        Assert.That(output, Does.Contain("against the oracle"));
    }

    [TestCase("\"op\": \"relu\"", "\"op\": \"relu6\"", "relu.cases.json: op: unknown operation 'relu6'", 0)]
    [TestCase("\"why\": \"a reason\", ", "", "relu.cases.json: relu/n1c1h1w7.why: missing", 1)]
    [TestCase("\"case\": \"n9c4h40w41\"", "\"case\": \"n1c1h1w7\"", "relu/n1c1h1w7: stands there twice", 1)]
    [TestCase("\"op\":", "\"op\": \"relu\", \"op\":", "relu.cases.json: JSON: Duplicate property 'op'", 0)]
    [TestCase("\"conformance\": 1", "\"conformance\": 2", "relu.cases.json: conformance: version 2", 0)]
    [TestCase("\"case\": \"n1c1h1w7\"", "\"case\": \"../../x\"", "relu.cases.json: cases[0].case: '../../x' is no name of a case", 1)]
    [TestCase("\"case\": \"n1c1h1w7\"", "\"case\": \"/x\"", "relu.cases.json: cases[0].case: '/x' is no name of a case", 1)]
    [TestCase(
        "\"case\": \"n1c1h1w7\"", "\"case\": \"n1c1h1w7-z3\"", "relu.cases.json: relu/n1c1h1w7-z3: case id 'relu/n1c1h1w7-z3': can't read 'z3'", 1)]
    public void AWrongCaseIsOneLineAndTheOthersAreJudged(string before, string after, string message, int judged)
    {
        _fixtures.Edit("relu.cases.json", before, after);
        AssertOneLine(Check("relu.cases.json"), message, judged);
    }

    [TestCase("\"data\": [2,", "\"data\": [", "n1c1h1w7.json: inputs.input: shape [1,1,1,7] has 7 elements, the data has 6")]
    [TestCase("\"data\": [2,", "\"data\": [\"nan\",", "n1c1h1w7.json: inputs.input.data[0]: expected a number, \"NaN\"")]
    [TestCase("\"data\": [2,", "\"data\": [1e300,", "n1c1h1w7.json: inputs.input.data[0]: 1E+300 is no float32")]
    [TestCase("\"id\": \"relu/n1c1h1w7\"", "\"id\": \"relu/../../n1c1h1w7\"", "n1c1h1w7.json: id: 'relu/../../n1c1h1w7' belongs into another file")]
    [TestCase("\"tier\"", "\"id\": \"relu/n1c1h1w7\", \"tier\"", "n1c1h1w7.json: JSON: Duplicate property 'id'")]
    public void AWrongVectorIsOneLineAndTheOthersAreJudged(string before, string after, string message)
    {
        _fixtures.Edit(SmallFixtures.Exact + ".json", before, after);
        AssertOneLine(Check("relu.cases.json"), message, judged: 1);
    }

    [Test]
    public void AFileThatIsNotThere() => AssertOneLine(Check("nothing.cases.json"), "nothing.cases.json: there is no such file", 0);

    private static void AssertOneLine((int ExitCode, string Out, string Error) result, string message, int judged) => Assert.Multiple(() =>
    {
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(message));
        Assert.That(result.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(result.Out, judged == 0 ? Does.Contain("nothing passed") : Does.Contain($"{judged} of {judged} pass"));
    });

    private (int ExitCode, string Out, string Error) Check(string file) =>
        Shell.Run(new FakeSides(), "check", "--cases", _fixtures.At(file), "--kernel", "clear", "--out", _directory.Path);
}
