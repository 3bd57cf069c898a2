using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Several mistakes in one tensor.</summary>
[Parallelizable]
internal sealed class PairsTests
{
    [TestCase("batch_norm1d.variance-unbiased", "batch_norm1d.gamma-around-one", "batch_norm1d.eps-of-keras")]
    [TestCase("conv2d.backward-weight-rotated", "conv2d.backward-weight-ignores-padding", "conv2d.backward-weight-mean", Category = "Long")]
    public void ThreeAtOnce(params string[] ids)
    {
        var named = Causes(With(ids), ids[0].Split('.')[0]).SelectMany(cause => cause.Explanations.Take(1)).SelectMany(defect => defect.Parts)
            .Select(part => part.Id).ToHashSet();
        Assert.That(named, Is.EquivalentTo(ids));
    }

    /// <summary>Two mistakes may give a factor too; the factor is simpler.</summary>
    [Test]
    public void AFactorIsSaidBeforeTwoMistakes()
    {
        var cause = Causes(But((layerCase, right) => With(right, "gradients.weight", dw =>
            dw.Select(value => value / (layerCase.Input("input").Shape[0] * layerCase.Cotangents["output"].Shape[3])))), "conv2d")[0];
        Assert.Multiple(() =>
        {
            Assert.That(cause.Explanations, Is.Empty);
            Assert.That(cause.Patterns[0].Text, Does.StartWith("every value is 1/(N·OW)"));
        });
    }
}
