using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Judging;

/// <summary>Where the right answer comes from: the oracle, or for a recipe the hashes, until one of them differs.</summary>
internal sealed class QuestionTests
{
    private static readonly LayerCase Relu = AllOperations.Draw("relu/n2c3h4w5");
    private static readonly LayerResult Right = AllOperations.Named("relu").Evaluate(Relu);
    private static readonly LayerResult Wrong = Right with { Outputs = Right.Gradients.ToDictionary(_ => "output", pair => pair.Value) };

    [Test]
    public void TheOracleAnswersWithItsOwnBound()
    {
        var question = Question.AnsweredByTheOracle(AllOperations.Draw("tanh/n2c3"));
        Assert.Multiple(() =>
        {
            Assert.That(question.Source, Is.EqualTo("the oracle"));
            Assert.That(question.Expected.Outputs, Contains.Key("output"));
            Assert.That(question.Bound.At("outputs.output", 0), Is.Positive);
            Assert.That(question.Hashes, Is.Null);
        });
    }

    [Test]
    public void ARefusalHasNoNumbers()
    {
        var question = Question.AnsweredByTheOracle(AllOperations.Draw("conv2d/n1c1h3w4-o1-k5"));
        Assert.That((question.Expected, question.Bound, question.Source), Is.EqualTo((LayerResult.Empty, ErrorBound.Exact, "the oracle")));
    }

    /// <summary>What is no part of the recipe is not compared, though the engine answers it; the oracle is not asked.</summary>
    [Test]
    public void AReplyWithTheRecipesHashesIsRight()
    {
        var hashes = Hashes(new(Right.Outputs, LayerResult.Empty.Gradients));
        var report = Judged(Recipe(hashes), Right with { Outputs = Right.Outputs.Append(new("more", Tensor64.Scalar(1))).ToDictionary() });
        Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass), report.Message);
        Assert.That(report.Tensors.Select(tensor => tensor.Name), Is.EqualTo(new[] { "outputs.output" }));
    }

    [Test]
    public void AllItsTensorsAreCompared() =>
        Assert.That(
            Judged(Recipe(Hashes(Right)), Right).Tensors.Select(tensor => tensor.Name),
            Is.EqualTo(new[] { "outputs.output", "gradients.input" }));

    [Test]
    public void AReplyWithOthersIsComparedWithTheOracles()
    {
        var (wrong, missing) =
            (Judged(Recipe(Hashes(Right)), Wrong), Judged(Recipe(Hashes(Right)), Right with { Gradients = LayerResult.Empty.Gradients }));
        Assert.Multiple(() =>
        {
            Assert.That(wrong.Tensors.Select(tensor => tensor.Passes), Is.EqualTo(new[] { false, true }));
            Assert.That(missing.Tensors.Select(tensor => tensor.Problem), Is.EqualTo(new[] { null, "missing" }));
            Assert.That(Hashes(Recipe(Hashes(Right)).Expected), Is.EqualTo(Hashes(Right)));
            Assert.That(wrong.Question.Source, Is.EqualTo("a test"));
        });
    }

    [Test]
    public void ARecipeThatTheOracleContradictsIsRefused()
    {
        var (changed, more) = (Hashes(Wrong), Hashes(Right));
        more["outputs.more"] = more["outputs.output"];
        var linear = AllOperations.Draw("linear/n3-i5-o4");
        var less = Hashes(AllOperations.Named("linear").Evaluate(linear));
        less.Remove("gradients.input");
        less.Remove("gradients.bias");
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Recipe(changed).Expected,
                Refuses("expected.outputs.output: the oracle's answer has another hash: the file was changed, or the oracle is wrong"));
            Assert.That(
                () => Recipe(more).Expected,
                Refuses("expected.outputs.more: the oracle's answer has another hash: the file was changed, or the oracle is wrong"));
            Assert.That(() => Conformance.Suite.Fixtures.Recipe.ToQuestion("file.json", linear, less, "a test").Expected,
                Refuses(
                    "expected: tensors outputs.output, gradients.weight, where the oracle answers outputs.output, gradients.input, "
                        + "gradients.weight, gradients.bias"));
        });
        var report = Judged(Recipe(changed), Right);
        Assert.That(report.Tensors, Is.Empty);
        Assert.That(
            (report.Verdict, report.Message),
            Is.EqualTo((
                Verdict.Error,
                "file.json: expected.outputs.output: the oracle's answer has another hash: the file was changed, or the oracle is wrong")));

        static NUnit.Framework.Constraints.IResolveConstraint Refuses(string message) =>
            Throws.TypeOf<FixtureException>().With.Message.EqualTo($"file.json: {message}");
    }

    private static CaseReport Judged(Question question, LayerResult reply) => Judge.Run(new Answering(_ => reply), question);

    private static Question Recipe(Dictionary<string, TensorHash> hashes) =>
        Conformance.Suite.Fixtures.Recipe.ToQuestion("file.json", Relu, hashes, "a test");

    private static Dictionary<string, TensorHash> Hashes(LayerResult result) =>
        result.Tensors.ToDictionary(pair => pair.Key, pair => TensorHash.FromTensor(pair.Value)!);
}
