using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Networks;

/// <summary>Initialisers by their moments and bounds, as PyTorch documents them.</summary>
public sealed class InitializationTests
{
    // [64, 32, 3, 5]: fan-in 480, fan-out 960, 30,720 numbers: a deviation is known within 1/√(2·30,720) = 0.4 %.
    private const int FanIn = 480;
    private const int FanOut = 960;
    private static readonly int[] Shape = [64, 32, 3, 5];

    private static IEnumerable<TestCaseData> Scales()
    {
        TestCaseData Case(string name, Initialization initialization, bool normal, double deviation) =>
            new TestCaseData(initialization, normal, deviation).SetArgDisplayNames(name);
        return
        [
            Case("he normal", Initialization.HeNormal(), true, Math.Sqrt(2.0 / FanIn)),
            Case("he normal, fan-out", Initialization.HeNormal(FanMode.FanOut), true, Math.Sqrt(2.0 / FanOut)),
            Case("he normal, leaky", Initialization.HeNormal(negativeSlope: 2), true, Math.Sqrt(0.4 / FanIn)),
            Case("he uniform", Initialization.HeUniform(), false, Math.Sqrt(2.0 / FanIn)),
            Case("he uniform, fan-out, leaky", Initialization.HeUniform(FanMode.FanOut, 1), false, Math.Sqrt(1.0 / FanOut)),
            Case("xavier normal", Initialization.XavierNormal(), true, Math.Sqrt(2.0 / (FanIn + FanOut))),
            Case("xavier normal, gain of tanh", Initialization.XavierNormal(5.0 / 3), true, 5.0 / 3 * Math.Sqrt(2.0 / (FanIn + FanOut))),
            Case("xavier uniform", Initialization.XavierUniform(), false, Math.Sqrt(2.0 / (FanIn + FanOut))),
            Case("xavier uniform, gain", Initialization.XavierUniform(0.5), false, 0.5 * Math.Sqrt(2.0 / (FanIn + FanOut))),
            Case("pytorch", Initialization.PyTorchDefault, false, 1 / Math.Sqrt(3.0 * FanIn)),
        ];
    }

    [TestCaseSource(nameof(Scales))]
    public void MomentsAndBoundsAreThoseOfTheDistribution(Initialization initialization, bool normal, double deviation)
    {
        var weight = new Parameter("conv.weight", Shape);
        initialization.Fill([weight], 5);
        double[] scaled = [.. weight.Value.ToArray().Select(value => value / deviation)];

        Assert.That(scaled.Average(), Is.Zero.Within(0.025), "mean: 4/√30,720");
        Assert.That(
            scaled.Average(value => value * value),
            Is.EqualTo(1).Within(normal ? 0.035 : 0.021),
            "variance: 4·√(2/30,720), 4·√(0.8/30,720)");
        Assert.That(scaled.Average(value => Math.Pow(value, 4)), Is.EqualTo(normal ? 3 : 1.8).Within(normal ? 0.25 : 0.06), "kurtosis");
        if (!normal)
            Assert.That(
                scaled.Max(Math.Abs),
                Is.LessThanOrEqualTo(Math.Sqrt(3) + 1e-6).And.GreaterThan(Math.Sqrt(3) * 0.999),
                "the bound, and close to it");
        else
            Assert.That(scaled.Max(Math.Abs), Is.GreaterThan(3), "no bound");
    }

    [TestCaseSource(nameof(Scales))]
    public void ASeedMeansTheSameBits(Initialization initialization, bool normal, double deviation)
    {
        float[] Drawn(ulong seed)
        {
            var net = Net();
            initialization.Fill(net.Parameters, seed);
            return Weights(net);
        }
        Assert.That(Drawn(3), Is.EqualTo(Drawn(3)));
        Assert.That(Drawn(4), Is.Not.EqualTo(Drawn(3)));
    }

    [TestCaseSource(nameof(Scales))]
    public void BatchNormKeepsItsOnes(Initialization initialization, bool normal, double deviation)
    {
        var net = Net();
        foreach (var parameter in net.Parameters.Where(parameter => parameter.Name.EndsWith("bias", StringComparison.Ordinal)))
            parameter.Value.Span.Fill(9);
        initialization.Fill(net.Parameters, 1);

        Assert.That(Named("bn.weight"), Is.EqualTo(new float[] { 1, 1, 1, 1 }));
        Assert.That(Named("bn.bias"), Is.All.Zero);
        if (initialization == Initialization.PyTorchDefault)
        {
            Assert.That(Named("conv.bias"), Is.All.Not.Zero.And.All.InRange(-1 / Math.Sqrt(18), 1 / Math.Sqrt(18)));
            Assert.That(Named("fc.bias"), Is.All.Not.Zero.And.All.InRange(-0.5, 0.5));
            Assert.That(Named("fc.bias").Max(Math.Abs), Is.GreaterThan(0.4), "fan-in 4, whatever the layers before had");
        }
        else
        {
            Assert.That(Named("conv.bias"), Is.All.Zero);
            Assert.That(Named("fc.bias"), Is.All.Zero);
        }
        float[] Named(string name) => net.Parameters.Single(parameter => parameter.Name == name).Value.ToArray();
    }

    /// <summary>Reports of old runs name a seed: it must go on meaning the weights it meant.</summary>
    [Test]
    public void HeInitializationDrawsAsEver()
    {
        float[] weights = Weights(LeNet.Create(1));
        Assert.That(
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(weights.AsSpan()))),
            Is.EqualTo("6a04197d43c675cc893ad97cc671592fa87790686e9cdf879d9d5fff2c3b70a8"));
        var other = LeNet.Create(2);
        Initialization.HeNormal().Fill(other.Parameters, 1);
        Assert.That(Weights(other), Is.EqualTo(weights));
    }

    [Test]
    public void RefusesGainsAndSlopesOutOfRange()
    {
        Assert.That(
            () => Initialization.XavierNormal(-1),
            Throws.InstanceOf<ArgumentException>().With.Message.StartsWith("initialization: expected a finite gain of 0 or more, got -1"));
        Assert.That(() => Initialization.XavierUniform(double.NaN), Throws.InstanceOf<ArgumentException>().With.Message.Contains("got NaN"));
        Assert.That(
            () => Initialization.HeUniform(negativeSlope: double.PositiveInfinity),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("negativeSlope"));
    }

    private static float[] Weights(Sequential net) => [.. net.Parameters.SelectMany(parameter => parameter.Value.ToArray())];

    private static Sequential Net() => new(
        ("conv", new Conv2d(2, 4, 3)), ("bn", new BatchNorm2d(4)), ("flatten", new Flatten()), ("fc", new Linear(4, 40)));
}
