using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The words of an id that change the numbers of the drawn tensors.</summary>
internal sealed class PlantedValuesTests
{
    [Test]
    public void SpecialNumbersStandInRowsAndColumnsOfTheirOwn()
    {
        var input = AllOperations.Draw("linear/n7-i4-o2-special.input").Input("input");
        var rows = Enumerable.Range(0, 7).Select(row => string.Join(' ', input.Data[(row * 4)..(row * 4 + 4)].ToArray().Select(Class)));
        Assert.That(rows, Is.EqualTo(new[]
        {
            "nan . . .", ". inf . .", ". . -inf .", "-inf . . nan", "inf -inf . .", "-inf -inf -inf -inf", ". . . .",
        }));
    }

    [Test]
    public void NothingThatTheyMeetIsZeroAndTheOutputGradientHasOneSign()
    {
        var drawn = AllOperations.Draw("linear/n33-i8-o9-special.weight");
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Input("input").Data.ToArray(), Has.None.Zero);
            Assert.That(drawn.Input("input").Data.ToArray(), Has.Some.Negative);
            Assert.That(drawn.Cotangents["output"].Data.ToArray(), Is.All.Positive);
        });
    }

    [TestCase("huge", 1 << 20)]
    [TestCase("tiny", 1.0 / (1 << 20))]
    public void AScaleIsAPowerOfTwoForEveryTensorOfFloats(string word, double root)
    {
        var drawn = AllOperations.Draw($"cross_entropy/n5c4-none-weighted-{word}");
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Tier, Is.EqualTo(Tier.Bounded));
            Assert.That(drawn.Input("weight").Data.ToArray().Select(value => value / root / root * 4), Is.All.InRange(1, 8));
            Assert.That(drawn.Input("target").Data.ToArray(), Is.All.InRange(0, 3));
        });
    }

    [Test]
    public void OneTensorAloneIsChanged()
    {
        var drawn = AllOperations.Draw("batch_norm1d/n5c3-nan.running.mean");
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Inputs.Where(pair => pair.Value.Data.ToArray().Any(double.IsNaN)).Select(pair => pair.Key),
                Is.EqualTo(new[] { "running_mean" }));
            Assert.That(drawn.Input("running_mean").Data.ToArray().Select(Class), Is.EqualTo(new[] { "nan", ".", "." }));
        });
    }

    [Test]
    public void EverySecondZeroIsNegative() => Assert.That(
        AllOperations.Draw("relu/n9c9-mzero.input").Input("input").Data.ToArray().Where(value => value == 0).Take(4).Select(double.IsNegative),
        Is.EqualTo(new[] { true, false, true, false }));

    [TestCase("linear/n3-i2-o2-nan.gamma", "there is no tensor 'gamma' of floats: there are input, weight, bias, cotangent")]
    [TestCase("cross_entropy/n3c2-mean-nan.target", "there is no tensor 'target' of floats")]
    public void ATensorThatIsNotThereIsNamed(string id, string message) =>
        Assert.That(() => AllOperations.Draw(id), Throws.ArgumentException.With.Message.Contains(message));

    private static string Class(double value) =>
        double.IsNaN(value) ? "nan" : double.IsFinite(value) ? "." : value > 0 ? "inf" : "-inf";
}
