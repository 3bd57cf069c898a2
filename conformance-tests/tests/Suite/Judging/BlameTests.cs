using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Judging;

/// <summary>In a network that is wrong, the layer that is to blame is named, and no layer that only passed the error on.</summary>
internal sealed class BlameTests
{
    private static readonly LayerCase Network = AllOperations.Draw("lenet/n2-h16-c3x5-u12x9x10-layers");

    [TestCase("conv1", "conv2d.kernel-rotated", "conv1", "outputs.conv1")]
    [TestCase("conv2", "conv2d.kernel-rotated", "conv2", "outputs.conv2")]
    [TestCase("conv2", "conv2d.backward-weight-assigned", "conv2", "gradients.conv2.weight")]
    [TestCase("conv2", "conv2d.backward-input-assigned", "conv2", "gradients.pool1")]
    [TestCase("conv1", "conv2d.backward-input-assigned", "conv1", "gradients.input")]
    [TestCase("pool1", "max_pool2d.backward-to-first-element", "pool1", "gradients.relu1")]
    [TestCase("relu3", "relu.mask-missing", "relu3", "gradients.fc1")]
    [TestCase("flatten", "flatten.gradient-columns-first", "flatten", "gradients.pool2")]
    [TestCase("fc3", "linear.weight-transposed", "fc3", "outputs.logits")]
    [TestCase("fc3", "linear.bias-gradient-mean", "fc3", "gradients.fc3.bias")]
    [TestCase("loss", "cross_entropy.sum-for-mean", "loss", "outputs.loss")]
    [TestCase("loss", "cross_entropy.gradient-sign", "loss", "gradients.logits")]
    public void TheLayerWithTheDefectIsNamed(string layer, string defectId, string blamed, string tensor)
    {
        var defect = AllOperations.DefectOf(defectId);
        var blame = Blame.Find(Judged(new TermDefect<LeNetTerms>(
            "lenet.test", Passes.All, MistakeClass.Layout, "", "", terms => terms with { Layer = name => name == layer ? defect : null })));
        Assert.Multiple(() =>
        {
            Assert.That(blame?.Layer, Is.EqualTo(blamed));
            Assert.That(blame?.Tensor, Is.EqualTo(tensor));
            Assert.That(blame?.ToString(), Does.Contain($"{blamed}. What comes into it agrees, {tensor} does not at ["));
        });
    }

    [Test]
    public void ARightNetworkHasNobodyToBlame() =>
        Assert.That(Blame.Find(Judged(new TermDefect<LeNetTerms>("lenet.test", Passes.All, MistakeClass.Layout, "", "", terms => terms))), Is.Null);

    private static CaseReport Judged(Defect defect)
    {
        var expected = AllOperations.Named("lenet").Evaluate(Network);
        // A thousandth of each tensor: the reference's float32 run, from which the real tolerance comes, is not needed here.
        var bound = new ErrorBound(expected.Tensors.ToDictionary(
            pair => pair.Key, pair => Tensor64.Scalar(1e-3 * pair.Value.Data.ToArray().Max(Math.Abs))));
        return Judge.Run(new DefectSubject(defect), new(Network, expected, bound, "the oracle"));
    }
}
