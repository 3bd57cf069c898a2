using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Tests.Suite.Diagnosing.Patterns;

/// <summary>What is said of a function that is applied to each element.</summary>
internal sealed class MappingTests
{
    private static readonly string[] Ids = ["leaky_relu/n3c4-s0.25", "leaky_relu/n2c3h5w4-s0.5", "leaky_relu/n4c7-s0.125"];

    [Test]
    public void AFormulaIsToldForEachSideOfZero() => Assert.That(
        Said("outputs.output", (x, slope) => x < 0 ? 0 : slope * x),
        Is.EqualTo("what it computes for x < 0: 0 instead of negative_slope·x; for x > 0: negative_slope·x instead of x; everywhere else it is right"));

    [Test]
    public void WhatIsNoFormulaIsToldByAnExample() => Assert.That(
        Said("outputs.output", (x, slope) => x < 0 ? Math.Exp(x) - 1 : x), Does.Match("^what it computes for x < 0: such as .* at .* instead of negative_slope·x; everywhere else it is right$"));

    [Test]
    public void NothingIsSaidOfWhatIsNoActivation() => Assert.That(
        Mapping.Find(WrongEngine.Evidence("outputs.output", (_, y) => y.Select(value => value + 1), "linear/n3-i5-o4")), Is.Null);

    private static string? Said(string tensor, Func<double, double, double> change) => Mapping.Find(WrongEngine.Evidence(
        tensor, (layerCase, _) => layerCase.Input("input").Select(x => (float)change(x, layerCase.Attributes.Number("negative_slope"))), Ids))?.Text;
}
