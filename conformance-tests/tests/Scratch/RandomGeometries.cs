using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;

namespace Conformance.Tests.Scratch;

/// <summary>Geometries that nobody thought of: each kernel against the oracle. The same ones in every run.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class RandomGeometries
{
    private const ulong Seed = 11;
    private const int Geometries = 200;

    private static IEnumerable<string> Operations() => AllOperations.Names.Where(name => AllOperations.Named(name).RandomId(Seed, 0) is not null);

    private static IEnumerable<TestCaseData> EveryOperationAndKernel() =>
        from operation in Operations()
        where ScratchSubject.Operations.Contains(operation)
        from kernel in ScratchSubject.Kernels
        select LongOnes.Operations.AsTest(operation, kernel);

    [Test]
    public void ThereAreSome() => Assert.That(Operations(), Is.SupersetOf(new[] { "conv2d", "linear", "max_pool2d", "cross_entropy" }));

    [TestCaseSource(nameof(EveryOperationAndKernel))]
    public void TheEngineAnswersAsTheOracleDoes(string operation, string kernel)
    {
        var failures = Cases(operation)
            .Select(layerCase => Judge.Run(new ScratchSubject(kernel), Question.AnsweredByTheOracle(layerCase)))
            .Where(report => report.Verdict is not (Verdict.Pass or Verdict.Unsupported)).Select(FailureText.Render);
        Assert.That(failures.Take(3), Is.Empty);
    }

    private static IEnumerable<LayerCase> Cases(string operation) =>
        Enumerable.Range(0, Geometries).Select(number => AllOperations.Draw(AllOperations.Named(operation).RandomId(Seed, number)!, Seed));
}
