using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>The order in which an epoch visits the images, the same for the same seed on every machine.</summary>
public sealed class BatchOrder(ulong seed)
{
    /// <summary>
    /// A permutation of 0 … count − 1 by Fisher and Yates: for i from count − 1 down to 1, element i changes places with one of 0 … i, drawn from a
    /// splitmix64 stream that starts at the epoch-th number of the stream seeded by the seed.
    /// </summary>
    /// <param name="epoch">From 0.</param>
    public int[] Permutation(int epoch, int count)
    {
        Shapes.AtLeast(0, epoch, "batch order", nameof(epoch));
        Shapes.AtLeast(0, count, "batch order", nameof(count));
        var seeds = new SplitMix64(seed);
        for (int i = 0; i < epoch; i++)
            seeds.Next();
        var random = new SplitMix64(seeds.Next());

        var order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}
