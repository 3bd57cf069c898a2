using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Fast;
using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Layers;

/// <summary>The activations where cases are too few: over all of float32, at its ends, and between kernels.</summary>
internal sealed class ActivationTests
{
    private const float NaN = float.NaN;
    private const float Infinity = float.PositiveInfinity;

    /// <summary>
    /// The error over every 4,099th float32 of both signs, in units in the last place of the true value. 4,099 is prime, so all exponents and last
    /// digits occur.
    /// </summary>
    [TestCase("exp", 1.01)]
    [TestCase("tanh", 1.4)]
    [TestCase("sigmoid", 2.5)]
    public void AVectorFunctionIsAccurateEverywhere(string function, double allowed)
    {
        var (worst, where) = (0.0, 0f);
        var count = 0;
        for (long bits = 0; bits <= uint.MaxValue; bits += 4099)
        {
            var x = BitConverter.UInt32BitsToSingle((uint)bits);
            var expected = function switch { "exp" => Math.Exp(x), "tanh" => Math.Tanh(x), _ => 1 / (1 + Math.Exp(-x)) };
            if (!float.IsFinite(x) || expected > float.MaxValue)
                continue;
            if (function == "sigmoid" && x < -87.3f)
                continue; // there e⁻ˣ is beyond float32, and 0 stands for a denormal
            var error = Math.Abs(Vector(function, x) - expected) / LastPlace(expected);
            if (!(error <= worst))
                (worst, where) = (error, x);
            count++;
        }
        Assert.That(worst, Is.LessThan(allowed), $"at {where:R}");
        Assert.That(count, Is.GreaterThan(700_000));
    }

    [Test]
    public void TheEndsAreExact()
    {
        float[] Values(string function, params float[] xs) => [.. xs.Select(x => Vector(function, x))];

        Assert.That(Values("exp", 0, -0f, NaN, Infinity, -Infinity, 88.8f, -104), Is.EqualTo(new[] { 1, 1, NaN, Infinity, 0, Infinity, 0 }));
        Assert.That(Values("exp", -100)[0], Is.EqualTo(MathF.Exp(-100)).And.GreaterThan(0), "a denormal");
        Assert.That(Values("tanh", 0, NaN, Infinity, -Infinity, 1e-40f, 3e38f), Is.EqualTo(new[] { 0, NaN, 1, -1, 1e-40f, 1 }));
        Assert.That(float.IsNegative(Values("tanh", -0f)[0]));
        Assert.That(Values("sigmoid", 0, NaN, Infinity, -Infinity, 200, -200), Is.EqualTo(new[] { 0.5f, NaN, 1, 0, 1, 0 }));
    }

    [Test]
    public void ValuesThatAreNotFinitePassAsInPyTorch([Values("clear", "fast")] string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        float[][] Pass(Module layer, params float[] x) =>
            [
                layer.Forward(Tensor.From(x, 1, x.Length)).ToArray(),
                layer.Backward(Tensor.From([.. Enumerable.Repeat(8f, x.Length)], 1, x.Length)).ToArray()];

        Assert.That(Pass(new Tanh(kernels), NaN, Infinity, -Infinity, 0), Is.EqualTo(new float[][] { [NaN, 1, -1, 0], [NaN, 0, 0, 8] }));
        Assert.That(Pass(new Sigmoid(kernels), NaN, Infinity, -Infinity, 0), Is.EqualTo(new float[][] { [NaN, 1, 0, 0.5f], [NaN, 0, 0, 2] }));
        Assert.That(
            Pass(new LeakyReLU(0.25, kernels), NaN, Infinity, -Infinity, 0, -4),
            Is.EqualTo(new float[][] { [NaN, Infinity, -Infinity, 0, -1], [2, 8, 2, 2, 2] }));
        Assert.That(Pass(new LeakyReLU(0, kernels), -Infinity, -4), Is.EqualTo(new float[][] { [NaN, 0], [0, 0] }), "0 · ∞");
        Assert.That(Pass(new LeakyReLU(-2, kernels), -4, 4), Is.EqualTo(new float[][] { [8, 4], [-16, 8] }), "the output's sign says nothing");
    }

    [Test]
    public void LeakyReluGivesTheSameBitsInBothKernels()
    {
        float[][] Pass(KernelChoice kernels)
        {
            var layer = new LeakyReLU(0.3, kernels);
            return [layer.Forward(Fill.Normals(1, 18, 3, 4, 5)).ToArray(), layer.Backward(Fill.Normals(2, 18, 3, 4, 5)).ToArray()];
        }
        Assert.That(Pass(KernelChoice.Fast), Is.EqualTo(Pass(KernelChoice.Clear)));
    }

    /// <summary>The function as a fast kernel computes it.</summary>
    private static float Vector(string function, float x)
    {
        var vector = Simd128.Broadcast(x);
        var result = function switch
        {
            "exp" => SimdMath.Exp(vector),
            "tanh" => SimdMath.Tanh(vector),
            _ => Simd128.Broadcast(1) / (Simd128.Broadcast(1) + SimdMath.Exp(default(Simd128) - vector)),
        };
        return Unsafe.BitCast<Simd128, Vector128<float>>(result)[0];
    }

    private static double LastPlace(double value) => Math.Max(Math.ScaleB(1, Math.ILogB(value) - 23), float.Epsilon);
}
