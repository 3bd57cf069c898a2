using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Constants that stand where an option should be read.</summary>
[Parallelizable]
internal sealed class ConstantsTests
{
    [TestCase("batch_norm1d", "eps", 0.01, "eps is not read: 1e-2 stands in its place")]
    [TestCase("sgd", "weight_decay", 0.01, "weight_decay is not read: 1e-2 stands in its place")]
    public void AreNamed(string op, string option, double constant, string said) => Assert.That(
        Causes(But((layerCase, _) => With(layerCase, option, constant)), op)[0].Explanations.Select(defect => defect.Mistake), Does.Contain(said));

    /// <summary>Together with a known mistake, which does not explain the failures alone.</summary>
    [Test]
    public void AreNamedBesideAMistake()
    {
        var engine = But((layerCase, _) => With(layerCase, "eps", 0.01, AllOperations.DefectOf("batch_norm1d.variance-unbiased")));
        var named = Causes(engine, "batch_norm1d")[0].Explanations[0].Parts.Select(part => part.Id);
        Assert.That(named, Is.EquivalentTo(new[] { "batch_norm1d.variance-unbiased", "batch_norm1d.eps-is-1e-2" }));
    }

    private static LayerResult With(LayerCase layerCase, string option, double constant, Defect? defect = null) =>
        AllOperations.Named(layerCase.Op).Evaluate(
            layerCase.Attributes.Has(option) ? layerCase with { Attributes = layerCase.Attributes.With(option, constant) } : layerCase, defect);
}
