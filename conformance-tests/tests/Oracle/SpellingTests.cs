using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

internal sealed class SpellingTests
{
    [Test]
    public void AConvolutionIsReadWhole()
    {
        var drawn = AllOperations.Draw("conv2d/n2c4h7w5-o6-k3x2-s2x1-p1.2x0.1-d1x2-g2-nobias");
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Input("input").ToString(), Is.EqualTo("[2,4,7,5]"));
            Assert.That(drawn.Input("weight").ToString(), Is.EqualTo("[6,2,3,2]"));
            Assert.That(drawn.Inputs, Does.Not.ContainKey("bias"));
            Assert.That(drawn.Attributes.Ints("stride", 2), Is.EqualTo(new[] { 2, 1 }));
            Assert.That(drawn.Attributes.Ints("padding", 4), Is.EqualTo(new[] { 1, 2, 0, 1 }));
            Assert.That(drawn.Attributes.Ints("dilation", 2), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(drawn.Cotangents["output"].ToString(), Is.EqualTo("[2,6,4,4]"));
        });
    }

    [TestCase("conv2d/n2c3h7w5-o4-k3x2-z9", "can't read 'z9'")]
    [TestCase("conv2d/n2c3h7w5-k3", "expected a part like o4")]
    [TestCase("conv2d/c3h7w5-o4-k3", "expected a part like n2c3h4w5")]
    [TestCase("conv2d/n2c3h7w5-o4-k3x2x1", "should be like k3x2")]
    [TestCase("conv2d", "expected operation/geometry")]
    [TestCase("conv3d/n1", "unknown operation 'conv3d'")]
    [TestCase("conv2d/n1c1h5w7-o1-k0", "must be at least 1")]
    [TestCase("conv2d/n9999c9999h999w999-o9-k3", "more than")]
    [TestCase("conv2d/n4c64h60w60-o64-k7", "more than 100000000 multiplications")]
    [TestCase("conv2d/n99999c1h5w5-o1-k3", "expected a part like n2c3h4w5")]
    [TestCase("linear/n9999-i9999-o9999", "more than")]
    public void WhatCannotBeReadIsNamed(string id, string message) =>
        Assert.That(() => AllOperations.Draw(id), Throws.ArgumentException.With.Message.Contains(message));

    /// <summary>What PyTorch refuses can be spelled: the right answer to it is a refusal.</summary>
    [TestCase("conv2d/n2c3h7w5-o4-k9", "the kernel 9×9 with dilation 1×1 is larger than the padded input 7×5")]
    [TestCase("conv2d/n2c3h7w5-o4-k3-g2", "groups 2 must divide the channels 3 and 4")]
    [TestCase("conv2d/n2c3h7w5-o4-k3-pm1x0", "negative padding -1")]
    [TestCase("max_pool2d/n1c1h8w8-k2-p2", "padding 2×2 is more than half the kernel 2×2")]
    public void WhatIsRefusedIsACase(string id, string reason)
    {
        var drawn = AllOperations.Draw(id);
        Assert.Multiple(() =>
        {
            Assert.That(drawn.Refused, Is.EqualTo(reason));
            Assert.That(() => AllOperations.Named(drawn.Op).Evaluate(drawn), Throws.InstanceOf<RefusedException>().With.Message.Contains(reason));
        });
    }

    [Test]
    public void TheSameIdDrawsTheSameNumbersAndAnotherSeedOthers()
    {
        const string id = "linear/n3-i5-o4";
        Assert.Multiple(() =>
        {
            Assert.That(Values(1), Is.EqualTo(Values(1)));
            Assert.That(Values(2), Is.Not.EqualTo(Values(1)));
        });

        static double[] Values(ulong seed) => AllOperations.Draw(id, seed).Input("weight").Data.ToArray();
    }

    /// <summary>The ten values that fixtures/README.md states, so that a fill can be drawn in any language.</summary>
    [Test]
    public void TheFillIsTheOneThatTheReadmeStates()
    {
        var fill = new Fill(1, "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "input");
        var stated = File.ReadAllLines(Path.Combine(Repository.Fixtures.Root, "README.md"))
            .Select(line => line.Trim()).Where(line => line.StartsWith("0x", StringComparison.Ordinal)).ToArray();
        Assert.That(stated, Has.Length.EqualTo(10));
        Assert.That(Enumerable.Range(0, 10).Select(_ => $"0x{fill.Next():x16}"), Is.EqualTo(stated));
    }
}
