using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Fixtures;

/// <summary>What the generator stores, and what it refuses to: a vector that could not tell right from wrong is not written.</summary>
internal sealed class GeneratorTests
{
    private static StoredVector Make(string id, Func<LayerCase, double, double>? float64 = null, params string[] catches) =>
        new Generator(new OracleAsReference(float64 ?? ((_, value) => value)), "a test").Make(new(id, "", [], catches));

    [TestCase("relu/n1c1h1w7", 1.0)]
    [TestCase("cross_entropy/n5c7-mean", 1e-10)]
    [TestCase("linear/n3-i5-o4-float", 1e-11)]
    public void AReferenceThatTheOracleContradictsIsNotStored(string id, double off)
    {
        Assert.That(Make(id).Expected, Is.Not.Null);
        Assert.That(
            () => Make(id, (_, value) => value + off),
            Throws.InvalidOperationException.With.Message.Contains("the reference and the oracle disagree on "));
    }

    [Test]
    public void AReferenceThatTakesWhatIsRefusedIsNotStored() => Assert.That(
        () => new Generator(new Answering(), "a test").Make(new(SmallFixtures.Refused, "", [], [])),
        Throws.InvalidOperationException.With.Message.Contains("the reference does not"));

    [Test]
    public void ARefusalIsStoredWithoutNumbers()
    {
        var made = Make(SmallFixtures.Refused, catches: "conv2d.kernel-too-large-accepted");
        Assert.Multiple(() =>
        {
            Assert.That(made.Separation["conv2d.kernel-too-large-accepted"], Is.EqualTo(1));
            Assert.That(
                VectorText.Render(made),
                Does.Contain("\"expected\": {\"refused\": \"the kernel").And.Not.Contain("cotangent").And.Not.Contain("bounds"));
            Assert.That(
                () => Make(SmallFixtures.Refused, catches: "conv2d.groups-unchecked"),
                Throws.InvalidOperationException.With.Message.Contains("claims to catch"));
        });
    }

    [Test]
    public void ARepeatedQuestionSaysSo() => Assert.That(VectorText.Render(Make("relu/n1c1h1w7-twice")), Does.Contain("\"repeat\": 2"));

    [Test]
    public void AClaimThatIsNotTrueIsNotStored() => Assert.That(
        () => Make("conv2d/n1c1h4w5-o1-k1", catches: "conv2d.kernel-rotated"),
        Throws.InvalidOperationException.With.Message.Contains("claims to catch conv2d.kernel-rotated, but that differs by 0"));

    /// <summary>The plain engine uses 0.0417 of this tolerance: a tenth of it would be too narrow for right engines.</summary>
    [Test]
    public void AToleranceThatAPlainEngineUsesMoreThanAQuarterOfIsNotStored()
    {
        var question = Question.AnsweredByTheOracle(AllOperations.Draw("cross_entropy/n5c7-mean"));
        var narrow =
            question with { Bound = new(question.Bound.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Select(bound => bound / 10))) };
        Assert.That(Generator.Float32Error(question), Is.InRange(double.Epsilon, 0.25));
        Assert.That(() => Generator.Float32Error(narrow), Throws.InvalidOperationException.With.Message.Contains("more than a quarter"));
    }

    [Test]
    public void ACaseThatZerosPassIsNotStored()
    {
        var hollow = Enumerable.Range(2, 2000)
            .Select(variation => $"relu/n1c1h1w1-v{variation}")
            .First(id => AllOperations.Draw(id) is var drawn && drawn.Input("input")[0] == 0 && drawn.Cotangents["output"][0] == 0);
        Assert.That(() => Make(hollow), Throws.InvalidOperationException.With.Message.Contains("could not fail"));
    }

    [Test]
    public void ABoundedCaseThatIsTooLargeIsNotStored() => Assert.That(
        () => Make("linear/n99-i100-o90-float"),
        Throws.InvalidOperationException.With.Message.Contains("more than 300 KiB").And.Message.Contains("make it smaller"));

    /// <summary>Also around NaN, as the mean over no images is, and where a bounded case has a tensor that must be exact.</summary>
    [TestCase("cross_entropy/n0c5-mean")]
    [TestCase("batch_norm1d/n1c4-eval")]
    public void EveryToleranceIsANumber(string id)
    {
        var made = Make(id);
        Assert.That(made.Bound.Tensors.Keys, Is.EquivalentTo(made.Expected.Tensors.Select(pair => pair.Key)));
        Assert.That(made.Bound.Tensors.SelectMany(pair => pair.Value.Data.ToArray()), Has.All.Matches<double>(double.IsFinite));
    }

    /// <summary>The reference is asked once, in float64: what its float32 is like can move nothing.</summary>
    [TestCase("conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0")]
    [TestCase("cross_entropy/n5c7-mean")]
    [TestCase("lenet/n1-h12-c2x3-u5x4x3-layers")]
    public void TheReferenceIsAskedOnce(string id)
    {
        var asked = 0;
        Make(id, (layerCase, value) => value + (Interlocked.Increment(ref asked) * 0));
        var numbers = AllOperations.Named(id.Split('/')[0]).Evaluate(AllOperations.Draw(id)).Tensors.Sum(pair => pair.Value.Length);
        Assert.That(asked, Is.EqualTo(numbers));
    }

    private sealed class Answering : IOracle
    {
        public string Name => "takes everything";

        public LayerResult Evaluate(LayerCase layerCase) => LayerResult.Empty;
    }
}

/// <summary>A case too large to store is kept as fills and hashes, and judged as well as any.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RecipeTests : IDisposable
{
    private readonly SmallFixtures _fixtures = new();

    public void Dispose() => _fixtures.Dispose();

    private string File => _fixtures.At(SmallFixtures.Recipe + ".json");

    [Test]
    public void ItIsSmallAndDrawsWhatTheIdSpells()
    {
        var vector = VectorFile.Read(File);
        Assert.Multiple(() =>
        {
            Assert.That(vector.IsRecipe, Is.True);
            Assert.That(new FileInfo(File).Length, Is.LessThan(2000));
            Assert.That(vector.Case.Input("input").Data.SequenceEqual(AllOperations.Draw(SmallFixtures.Recipe).Input("input").Data), Is.True);
        });
    }

    [Test]
    public void RightIsJudgedByHashesAndWrongElementByElement()
    {
        var question = VectorFile.Read(File).Question;
        var right = AllOperations.Named("relu").Evaluate(question.Case);
        var last = right.Outputs["output"].Length - 1;
        var report = Judge.Run(new Fixed(Changed(right, last)), question);
        Assert.Multiple(() =>
        {
            Assert.That(Judge.Run(new Fixed(right), question).Verdict, Is.EqualTo(Verdict.Pass));
            Assert.That(report.Verdict, Is.EqualTo(Verdict.Fail));
            Assert.That(report.Tensors.Single(tensor => !tensor.Passes).First.Single().Index, Is.EqualTo(right.Outputs["output"].IndexOf(last)));
        });
    }

    /// <summary>A hash is of float32 values: a reply that rounds to the right ones is not right.</summary>
    [Test]
    public void AReplyThatFloat32DoesNotHoldIsWrong()
    {
        var question = VectorFile.Read(File).Question;
        var right = AllOperations.Named("relu").Evaluate(question.Case);
        var close = new LayerResult(
            new Dictionary<string, Tensor64> { ["output"] = right.Outputs["output"].Select(value => value * (1 + 1e-12)) }, right.Gradients);
        Assert.That(Judge.Run(new Fixed(close), question).Verdict, Is.EqualTo(Verdict.Fail));
    }

    [Test]
    public void AHashThatTheOracleContradictsIsSaidAndNothingCrashes()
    {
        var (text, mark) = (System.IO.File.ReadAllText(File), "\"sha256\": \"");
        var at = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        System.IO.File.WriteAllText(File, text[..at] + new string('0', 64) + text[(at + 64)..]);
        var question = VectorFile.Read(File).Question;
        var report = Judge.Run(new Fixed(AllOperations.Named("relu").Evaluate(question.Case)), question);
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Error));
        Assert.That(report.Message, Does.Contain(File).And.Contain("expected.outputs.output").And.Contain("another hash"));
    }

    [Test]
    public void TheHashIsOfFloat32BytesAndOfOneZero()
    {
        var hash = TensorHash.FromTensor(new([2], [1, -0.0]))!;
        Assert.Multiple(() =>
        {
            Assert.That(hash, Is.EqualTo(TensorHash.FromTensor(new([2], [1, 0]))));
            Assert.That(
                hash.Sha256,
                Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([0, 0, 0x80, 0x3F, 0, 0, 0, 0]))));
            Assert.That(TensorHash.FromTensor(new([1], [0.1])), Is.Null);
        });
    }

    private static LayerResult Changed(LayerResult right, int at)
    {
        var data = right.Outputs["output"].Data.ToArray();
        data[at] += 1;
        return new(new Dictionary<string, Tensor64> { ["output"] = new(right.Outputs["output"].Shape, data) }, right.Gradients);
    }

    private sealed class Fixed(LayerResult answer) : ISubject
    {
        public string Name => "test";

        public LayerResult Run(LayerCase layerCase) => answer;
    }
}
