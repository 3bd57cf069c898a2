using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>What a person reads when a kernel is wrong.</summary>
internal sealed class FailureTextTests
{
    [Test]
    public Task AStrideIgnoredInTheWeightGradient() =>
        Verify(FailureOf("conv2d.backward-weight-ignores-stride", "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0"));

    [Test]
    public Task TiesToAllMaxima() => Verify(FailureOf("max_pool2d.ties-to-all", "max_pool2d/n2c3h8w6-k2-ties"));

    [Test]
    public Task TheSignOfTheLossGradient() => Verify(FailureOf("cross_entropy.gradient-sign", "cross_entropy/n5c7-mean"));

    private static string FailureOf(string defect, string id)
    {
        var vector = VectorFile.Read(Repository.Fixtures.PathOf(id));
        return FailureText.Render(Judge.Run(new DefectSubject(AllOperations.DefectOf(defect)), vector.Question));
    }
}
