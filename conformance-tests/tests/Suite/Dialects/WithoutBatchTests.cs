using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>An engine that takes one image at a time, [C, H, W] or [in], and one number for a target.</summary>
public sealed class WithoutBatchTests
{
    private static readonly Declaring Single = Unbatched(null);

    [TestCase("conv2d")]
    [TestCase("linear")]
    [TestCase("max_pool2d")]
    [TestCase("avg_pool2d")]
    [TestCase("adaptive_avg_pool2d")]
    [TestCase("relu")]
    [TestCase("dropout")]
    [TestCase("softmax")]
    [TestCase("flatten")]
    [TestCase("cross_entropy")]
    [TestCase("nll_loss")]
    [TestCase("generalized_cross_entropy")]
    [TestCase("mse_loss")]
    public void EachImageIsAskedAlone(string op)
    {
        var reports = Wrong.Questions(op).Select(question => Judge.Run(Single, question)).ToArray();

        Assert.That(reports.Where(report => report.Verdict.IsBad()).Select(FailureText.Render), Is.Empty);
        Assert.That(reports.Count(report => report.Verdict == Verdict.Dialect), Is.GreaterThan(3));
    }

    [TestCase("conv2d.bias-gradient-missing")]
    [TestCase("linear.backward-weight-transposed")]
    [TestCase("max_pool2d.ties-to-last")]
    [TestCase("cross_entropy.gradient-sign")]
    public void ADefectIsNamed(string defect)
    {
        var causes = Wrong.Causes(Unbatched(AllOperations.DefectOf(defect)), defect.Split('.')[0]);

        Assert.That(causes.SelectMany(cause => cause.Explanations).Select(one => one.Id), Does.Contain(defect));
    }

    [TestCase("batch_norm2d")]
    [TestCase("batch_norm1d")]
    public void StatisticsOfABatchAreUnsupported(string op) =>
        Assert.That(Wrong.Questions(op).Select(question => Judge.Run(Single, question)).Select(report => (report.Verdict, report.Message)),
            Is.All.EqualTo((Verdict.Unsupported, "without a batch dimension there are no statistics of a batch")));

    [Test]
    public void AnEngineThatWantsABatchIsWrong() =>
        Assert.That(Judge.Run(
            new Declaring(new OracleSubject(Summation.Sequential).Run).With(("batch", "none")),
            Question.AnsweredByTheOracle(AllOperations.Draw("conv2d/n2c3h7w5-o4-k3x2"))).Verdict,
            Is.EqualTo(Verdict.Error));

    /// <summary>The oracle as an engine without batches: it adds a batch of one to each request, and removes it from the answer.</summary>
    private static Declaring Unbatched(Defect? defect)
    {
        return new Declaring(asked =>
        {
            var attributes = asked.Attributes;
            foreach (var name in (string[])["dim", "start_dim", "end_dim"])
                if (attributes.Has(name) && attributes.Int(name) >= 0)
                    attributes = attributes.With(name, attributes.Int(name) + 1);
            var inputs = asked.Inputs.ToDictionary(
                pair => pair.Key, pair => pair.Key is "input" or "mask" or "target" ? Batch(pair.Value) : pair.Value);
            var reply = Rows.Rounded(AllOperations.Named(asked.Op).Evaluate(
                asked with
                {
                    Attributes = attributes,
                    Inputs = inputs,
                    Cotangents = asked.Cotangents.ToDictionary(pair => pair.Key, pair => Batch(pair.Value))
                },
                defect));
            var isScalar = asked.Op.EndsWith("_loss", StringComparison.Ordinal) || asked.Op.EndsWith("entropy", StringComparison.Ordinal);
            return reply.Select((name, tensor) => name == "gradients.input" || (name == "outputs.output" && (!isScalar || tensor.Rank > 0))
                ? WrongEngine.Reshaped(tensor, tensor.Shape[1..]) : tensor);
        }).With(("batch", "none"));

        static Tensor64 Batch(Tensor64 tensor) => WrongEngine.Reshaped(tensor, [1, .. tensor.Shape]);
    }
}
