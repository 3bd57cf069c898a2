using Conformance.Engine.Data;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine;

/// <summary>Tensors for these tests. Small integers make sums exact in every order, so that kernels can be compared without a tolerance.</summary>
internal static class Fill
{
    public static Tensor Integers(ulong seed, params int[] shape) => Draw(seed, shape, random => random.Below(7) - 3);

    public static Tensor Normals(ulong seed, params int[] shape) => Draw(seed, shape, random => (float)random.Normal());

    /// <summary>Zeros and ones, as a mask has them.</summary>
    public static Tensor Coins(ulong seed, params int[] shape) => Draw(seed, shape, random => random.Below(2));

    public static void Integers(ulong seed, IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
            parameter.Value.CopyFrom(Integers(seed++, parameter.Value.Shape.ToArray()).ToArray());
    }

    /// <summary>The same numbers as a fast kernel wants them: images innermost.</summary>
    public static Tensor Blocked(Tensor source)
    {
        Tensor? tensor = null;
        Tensor.Reuse(ref tensor, Layout.Blocked, source.Shape).CopyFrom(source);
        return tensor!;
    }

    public static int[] Labels(ulong seed, int count)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Below(10))];
    }

    /// <summary>A set of images that can be learned: a bright bar in the row of the label.</summary>
    public static ImageSet Images(int count)
    {
        var random = new SplitMix64(5);
        var (pixels, labels) = (new byte[count * 28 * 28], new byte[count]);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Below(10);
            for (int p = 0; p < 28 * 28; p++)
                pixels[i * 28 * 28 + p] = (byte)(random.Below(60) + (p / 28 / 2 == labels[i] + 2 ? 190 : 0));
        }
        return new ImageSet(pixels, labels, 28, 28);
    }

    private static Tensor Draw(ulong seed, int[] shape, Func<Box, float> draw)
    {
        var box = new Box { Random = new SplitMix64(seed) };
        var tensor = Tensor.Zeros(shape);
        tensor.CopyFrom([.. Enumerable.Range(0, tensor.Length).Select(_ => draw(box))]);
        return tensor;
    }

    /// <summary>The generator is a struct; a lambda needs the one, not a copy.</summary>
    private sealed class Box
    {
        public SplitMix64 Random;

        public int Below(int count) => Random.Below(count);

        public double Normal() => Random.Normal();
    }
}
