using System.Globalization;
using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Scratch;
using Conformance.Suite.Judging;
using Conformance.Torch;

namespace Conformance.Tests.Engine.Networks;

/// <summary>A whole network's tolerance: wide enough for every right engine, and narrow enough for each mistake in each tensor.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class LeNetBoundTests
{
    private const ulong Seeds = 3;

    private static IEnumerable<string> Networks() => Repository.CasesOf("lenet").Select(entry => entry.Id);

    [Test]
    public void AMistakeInOneTensorIsSeen([ValueSource(nameof(Networks))] string id)
    {
        var question = Repository.Fixtures.Vector(id).Question;
        Assert.Multiple(() =>
        {
            foreach (var (name, right) in question.Expected.Tensors)
            {
                var expected = Only(name, question.Expected);
                foreach (var (mistake, wrong) in TensorMistakes.Make(right))
                    Assert.That(
                        Comparison.Compare(expected, expected.Select((_, _) => wrong), question.Bound).Single().Passes,
                        Is.False,
                        $"{mistake} in {name}");
            }
        });

        static LayerResult Only(string tensor, LayerResult result) => new(
            result.Outputs.Where(pair => tensor == $"outputs.{pair.Key}").ToDictionary(),
            result.Gradients.Where(pair => tensor == $"gradients.{pair.Key}").ToDictionary());
    }

    /// <summary>Both kernels, and torch's float32 where it is right, over networks of several seeds.</summary>
    [Test, Category("Long")]
    public void NoRightEngineFails([ValueSource(nameof(Networks))] string id)
    {
        var worst = new SortedDictionary<string, (double Share, string Where)>(StringComparer.Ordinal);
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var question = Question.AnsweredByTheOracle(AllOperations.Draw(seed == 1 ? id : LeNetKinks.Clear(id, seed), seed));
            foreach (var (engine, answer) in Answers(question.Case))
                foreach (var tensor in Comparison.Compare(question.Expected, answer, question.Bound))
                {
                    Assert.That(tensor.Passes, $"{engine}, seed {seed}, {tensor.Name}: {tensor.Problem ?? $"{tensor.Worst} of the tolerance"}");
                    if (tensor.Worst > worst.GetValueOrDefault(engine).Share)
                        worst[engine] = (tensor.Worst, $"seed {seed}, {tensor.Name}");
                }
        }
        foreach (var (engine, (share, where)) in worst)
            TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id} {engine}: {share:F3} of the tolerance, {where}"));
        foreach (var kernel in ScratchSubject.Kernels)
            Assert.That(worst[kernel].Share, Is.GreaterThan(0.1), "it rounds: what never errs would prove nothing");
    }

    private static IEnumerable<(string Engine, LayerResult Answer)> Answers(LayerCase layerCase)
    {
        foreach (var kernel in ScratchSubject.Kernels)
            yield return (kernel, new ScratchSubject(kernel).Run(layerCase));
        if (LiveTorch.Float32IsRight)
            yield return ("torch float32", new TorchOracle(float32: true).Evaluate(layerCase));
    }
}
