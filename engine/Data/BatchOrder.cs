using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>The order in which an epoch visits the images. A seed gives the same order on every machine.</summary>
public sealed class BatchOrder(ulong seed)
{
    /// <summary>
    /// A permutation of 0 … count − 1 by the shuffle of Fisher and Yates: for i from count − 1 down to 1, element i is swapped with one of 0
    /// … i. The random numbers come from a splitmix64 stream; its seed is the epoch-th number of the stream of <c>seed</c>.
    /// </summary>
    /// <param name="epoch">The epoch, from 0.</param>
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
