using Conformance.Oracle;
using Conformance.Torch;

namespace Conformance.Tests.Torch;

/// <summary>
/// Three kinds of float32: right, wrong with oneDNN, and always wrong. They are the same on every machine, whatever its own libtorch does.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SelfTestTests
{
    private readonly List<bool> _switched = [];

    [Test]
    public void ARightOneKeepsOneDnn()
    {
        var health = Run(_ => false);

        Assert.That(_switched, Is.EqualTo([true]));
        Assert.That(
            (health.OneDnn, health.IsUsable, health.Text),
            Is.EqualTo((true, true, "oneDNN on: 50 of 50 convolutions right on this machine")));
    }

    [Test]
    public void AWrongOneLosesItAndIsAskedAgain()
    {
        var health = Run(question => _switched[^1] && question.Input("weight").Shape[0] % 8 != 0);

        Assert.That(_switched, Is.EqualTo([true, false]));
        Assert.That((health.OneDnn, health.IsUsable), Is.EqualTo((false, true)));
        Assert.That(health.Text, Is.EqualTo("oneDNN switched off: 33 of 50 convolutions wrong on this machine"));
    }

    [Test]
    public void OneThatIsWrongWithoutItTooIsNotUsed()
    {
        var health = Run(question => question.Input("weight").Shape[0] == 17);

        Assert.That((health.OneDnn, health.IsUsable), Is.EqualTo((false, false)));
        Assert.That(health.Text, Is.EqualTo("float32 not used: 8 of 50 convolutions wrong on this machine, and 8 without oneDNN"));
    }

    [TestCase(true, true, "oneDNN on by CONFORMANCE_ONEDNN: 50 of 50 convolutions wrong on this machine")]
    [TestCase(true, false, "oneDNN on by CONFORMANCE_ONEDNN: 0 of 50 convolutions wrong on this machine")]
    [TestCase(false, false, "oneDNN off by CONFORMANCE_ONEDNN: 0 of 50 convolutions wrong on this machine")]
    public void WhatIsForcedStaysAndIsSaid(bool on, bool wrong, string text)
    {
        var health = Run(_ => wrong, on);

        Assert.That(_switched, Is.EqualTo([on]));
        Assert.That((health.OneDnn, health.Text), Is.EqualTo((on, text)));
    }

    /// <summary>A wrong number in the output or in any gradient is seen. So is a NaN, a missing tensor, and an exception of torch.</summary>
    [TestCase("output")]
    [TestCase("input", Category = "Long")]
    [TestCase("weight", Category = "Long")]
    [TestCase("bias", Category = "Long")]
    public void ASingleWrongNumberIsSeen(string tensor)
    {
        foreach (var wrong in new[] { double.NaN, double.PositiveInfinity, 1e-3 })
            Assert.That(
                Spoilt(result =>
                    result.Select((name, values) => name.EndsWith(tensor, StringComparison.Ordinal) ? Changed(values, wrong) : values)).Wrong,
                Is.EqualTo(50),
                $"{wrong}");

        static Tensor64 Changed(Tensor64 values, double wrong)
        {
            var i = 0;
            return values.Select(value => i++ == values.Length - 1 ? value + wrong : value);
        }
    }

    [Test]
    public void WhatTorchThrowsAndLeavesOutIsWrong()
    {
        Assert.That(Spoilt(_ => throw new System.ComponentModel.Win32Exception("could not create a primitive")).Wrong, Is.EqualTo(50));
        Assert.That(Spoilt(result => new(result.Outputs, new Dictionary<string, Tensor64>())).Wrong, Is.EqualTo(50));
    }

    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("on", true)]
    [TestCase("off", false)]
    public void TheVariableTakesTwoWords(string? value, bool? forced) =>
        Assert.That((TorchRuntime.TryForced(value, out var read), read), Is.EqualTo((true, forced)));

    [TestCase("maybe")]
    [TestCase("ON")]
    [TestCase(" ")]
    public void AnyOtherWordIsRefused(string value) => Assert.That(TorchRuntime.TryForced(value, out _), Is.False);

    [Test]
    public void TheTorchOfThisMachineIsUsedOnlyWhereItIsRight()
    {
        LiveTorch.Require();
        Assert.That(TorchRuntime.Float32!.IsUsable, TorchRuntime.Float32.Text);
        if (TorchRuntime.Float32.Forced is null)
            foreach (var question in SelfTest.Cases)
                Assert.That(Wrong(question, new TorchOracle(float32: true).Evaluate(question)), Is.Empty, question.Id);
    }

    private static IEnumerable<string> Wrong(LayerCase question, LayerResult answer)
    {
        var answers = answer.Tensors.ToDictionary();
        return AllOperations.Named(question.Op).Evaluate(question).Tensors
            .Where(pair => !answers[pair.Key].Data.SequenceEqual(pair.Value.Data)).Select(pair => pair.Key);
    }

    private Float32Health Run(Func<LayerCase, bool> wrong, bool? forced = null) =>
        SelfTest.Run(
            new Float32(question => wrong(question) ? result => result.Select((_, tensor) => tensor.Select(value => -value)) : result => result),
            _switched.Add,
            forced);

    private Float32Health Spoilt(Func<LayerResult, LayerResult> spoil) => SelfTest.Run(new Float32(_ => spoil), _switched.Add, null);

    /// <summary>A reference whose answers are the right ones, or spoilt.</summary>
    private sealed class Float32(Func<LayerCase, Func<LayerResult, LayerResult>> spoil) : IOracle
    {
        public string Name => "injected";

        public LayerResult Evaluate(LayerCase layerCase) => spoil(layerCase)(AllOperations.Named(layerCase.Op).Evaluate(layerCase));
    }
}
