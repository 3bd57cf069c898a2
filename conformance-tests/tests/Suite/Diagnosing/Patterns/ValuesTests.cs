using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>What wrong numbers are by themselves.</summary>
internal sealed class ValuesTests
{
    private static readonly string[] Linear = ["linear/n3-i5-o4", "linear/n4-i7-o2", "linear/n6-i2-o3"];
    private static readonly string[] Fractions = ["linear/n9-i40-o7-float", "linear/n13-i130-o9-float"];

    [Test]
    public void NaN() => Assert.That(
        Found(
            "gradients.input", (_, right) => right.Select(value => value > 0.01 ? double.NaN : value),
            "cross_entropy/n5c7-mean", "cross_entropy/n3c10-mean"),
        Is.EqualTo(new Pattern("NaN where a finite number is expected", MistakeClass.LossEdge)));

    [Test]
    public void ANumberForNaN() => Assert.That(
        Found("outputs.output", (_, right) => right.Select(value => double.IsNaN(value) ? 0 : value), "relu/n5c4-special", "relu/n2c3h4w5-special"),
        Is.EqualTo(new Pattern("wrong only where NaN is expected", MistakeClass.NonFinite)));

    [Test]
    public void Zeros() => Assert.That(
        Found("gradients.weight", (_, right) => right.Select(_ => 0.0), Linear), Is.EqualTo(new Pattern("all zero", MistakeClass.MissingGradient)));

    [Test]
    public void OneNumber() =>
        Assert.That(Found("outputs.output", (_, right) => right.Select(_ => 0.5), Linear)?.Text, Is.EqualTo("one number throughout: 0.5"));

    [Test]
    public void ZerosAmongRightOnes() => Assert.That(
        Found("gradients.weight", (_, right) => WrongEngine.Each(right, (index, value) => index[1] > 0 ? 0 : value), Linear)?.Text,
        Is.EqualTo("every wrong element is 0; the others are right"));

    [Test]
    public void AnOperand() => Assert.That(
        Found("gradients.input", (layerCase, _) => layerCase.Cotangents["output"], "relu/n2c3h4w5", "relu/n5c7")?.Text,
        Is.EqualTo("the values are those of the gradient of output that came in, unchanged"));

    [Test]
    public void AbsoluteValues() => Assert.That(
        Found("outputs.output", (_, right) => right.Select(Math.Abs), Linear)?.Text,
        Is.EqualTo("the values are the absolute values of the right ones"));

    [Test]
    public void Integers() => Assert.That(
        Found("outputs.output", (_, right) => right.Select(Math.Truncate), Fractions),
        Is.EqualTo(new Pattern("integers where fractions are expected: each value is the right one, cut off", MistakeClass.IntegerType)));

    [Test]
    public void Float16() => Assert.That(
        Found("outputs.output", (_, right) => right.Select(value => (double)(Half)value), Fractions)?.Text, Does.Contain("float16"));

    [Test]
    public void BFloat16() => Assert.That(
        Found(
            "outputs.output",
            (_, right) =>
                right.Select(value => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits((float)value) + 0x8000) & 0xFFFF0000)),
            Fractions)?.Text,
        Does.Contain("bfloat16"));

    [Test]
    public void AnOffByOneIsNoFloat16() => Assert.That(
        Found("outputs.output", (_, right) => WrongEngine.Each(right, (index, value) => value + (index[0] == 0 ? 1 : 0)), Linear)?.Text ?? "",
        Does.Not.Contain("float16"));

    [Test]
    public void SmallErrorsAreSaidToBeSmall() => Assert.That(
        Found("outputs.output", (_, right) => WrongEngine.Each(right, (index, value) => value * (1 + 1e-4 * (index[1] % 3 - 1))), Fractions)?.Text,
        Does.StartWith("the values agree with the right ones to 4 significant digits, as of an approximation"));

    /// <summary>The sums of rounded numbers are in no short format themselves: the digits that survive tell it.</summary>
    [TestCase(8, "the values agree with the right ones to 2 significant digits: the mantissa of bfloat16 has 8 bits")]
    [TestCase(11, "the values agree with the right ones to 3 significant digits: the mantissas of float16 and of TF32 have 11 bits")]
    public void SumsOfShortNumbers(int bits, string said) => Assert.That(
        Found("outputs.output", (layerCase, _) => AllOperations.Named("linear").Evaluate(layerCase with
        {
            Inputs = layerCase.Inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => Rounded(value, bits))),
        }).Outputs["output"], Fractions),
        Is.EqualTo(new Pattern(said, MistakeClass.Precision)));

    [Test]
    public void ThreeDecimals() => Assert.That(
        Found("outputs.output", (_, right) => right.Select(value => Math.Round(value, 3)), Fractions)?.Text,
        Is.EqualTo("each value is the right one, rounded to 3 decimals"));

    [Test]
    public void TwoDecimals() => Assert.That(
        Found("outputs.output", (_, right) => right.Select(value => Math.Truncate(value * 100) / 100), Fractions)?.Text,
        Is.EqualTo("each value is the right one, cut off after 2 decimals"));

    /// <summary>As where a sum has the type of a whole number.</summary>
    [Test]
    public void ASumThatIsCutOffBeforeItIsDivided() => Assert.That(
        Found("outputs.output", (layerCase, right) => right.Select(value => Math.Truncate(value * Window(layerCase)) / Window(layerCase)),
            "avg_pool2d/n2c3h8w6-k2-float", "avg_pool2d/n2c2h9w9-k3-float")?.Text,
        Is.EqualTo("each value is cut off to an integer before it is divided by kh·kw (the window)"));

    [Test]
    public void TheRightNumbersInOtherPlaces() => Assert.That(
        Found("outputs.output", (_, right) => new(right.Shape, [.. right.Data.ToArray().Order()]), Linear)?.Text,
        Is.EqualTo("the right values, each in another place"));

    [Test]
    public void NothingIsSaidOfNoise() => Assert.That(
        Found("outputs.output", (_, right) => WrongEngine.Each(right, (index, value) => value * (index[0] + 1) + index[1] * index[1] - 3), Linear),
        Is.Null);

    private static int Window(LayerCase layerCase) => layerCase.Attributes.Ints("kernel_size", 2) is var k ? k[0] * k[1] : 0;

    /// <summary>The number with so many bits.</summary>
    private static double Rounded(double value, int bits)
    {
        var unit = value == 0 ? 1 : Math.Pow(2, Math.Floor(Math.Log2(Math.Abs(value))) + 1 - bits);
        return Math.Round(value / unit) * unit;
    }

    private static Pattern? Found(string tensor, Func<LayerCase, Tensor64, Tensor64> change, params ReadOnlySpan<string> ids) =>
        Values.Find(WrongEngine.Evidence(tensor, change, ids));
}
