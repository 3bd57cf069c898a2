using System.Globalization;
using System.Text.Json;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Torch;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Scratch;

/// <summary>
/// A Verify snapshot of the answers of live torch to one exact case of each operation that has one. The numbers are small integers, so the text is
/// the same on every machine and with either provider. Our engine must give the same numbers. Operations without an exact tier (softmax, tanh, batch
/// norm, …) have no text that is the same everywhere.
/// </summary>
internal sealed class LayerSnapshot
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    [OneTimeSetUp]
    public void NeedsTorch() => LiveTorch.Require();

    [Test]
    public Task Conv2d() => VerifyAnswer("conv2d/n1c1h5w7-o1-k3");

    [Test]
    public Task Linear() => VerifyAnswer("linear/n3-i5-o4");

    [Test]
    public Task MaxPool2d() => VerifyAnswer("max_pool2d/n1c2h5w7-k2x3-s1x2-ties");

    [Test]
    public Task AvgPool2d() => VerifyAnswer("avg_pool2d/n1c2h5w7-k2x3-s2x1-p1x0");

    [Test]
    public Task AdaptiveAvgPool2d() => VerifyAnswer("adaptive_avg_pool2d/n1c2h5w6-o2x3");

    [Test]
    public Task Relu() => VerifyAnswer("relu/n2c3h2w3");

    [Test]
    public Task LeakyRelu() => VerifyAnswer("leaky_relu/n2c3h2w3-s0.25");

    [Test]
    public Task Flatten() => VerifyAnswer("flatten/n2c3h2w4");

    [Test]
    public Task Dropout() => VerifyAnswer("dropout/n2c3h2w4-p0.5");

    [Test]
    public Task NllLoss() => VerifyAnswer("nll_loss/n4c5-sum");

    [Test]
    public Task MseLoss() => VerifyAnswer("mse_loss/n4c5-sum");

    [Test]
    public Task Sgd() => VerifyAnswer("sgd/t6-e5");

    private static Task VerifyAnswer(string id)
    {
        var layerCase = AllOperations.Draw(id);
        Assert.That(layerCase.Tier, Is.EqualTo(Tier.Exact));
        var answer = new TorchOracle().Evaluate(layerCase);
        foreach (var kernel in ScratchSubject.Kernels)
        {
            var report = Judge.Run(new ScratchSubject(kernel), new(layerCase, answer, ErrorBound.Exact, TorchRuntime.Provider));
            Assert.That(report.Verdict, Is.EqualTo(Verdict.Pass).Or.EqualTo(Verdict.Unsupported), () => FailureText.Render(report));
        }
        return Verify(
            JsonSerializer.Serialize(answer.Tensors.ToDictionary(
                pair => pair.Key, pair => new { shape = pair.Value.ToString(), data = string.Join(' ', pair.Value.Data.ToArray().Select(Text)) }),
                Indented),
            "json");
    }

    /// <summary>−0 is 0: which of them a sum gives depends on its order.</summary>
    private static string Text(double value) => (value + 0.0).ToString("R", CultureInfo.InvariantCulture);
}
