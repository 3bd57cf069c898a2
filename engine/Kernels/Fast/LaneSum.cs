using System.Runtime.Intrinsics;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>Adds up a sum over images of which each lane holds a part.</summary>
internal static unsafe class LaneSum
{
    /// <summary>The sum of the first lanes of sixteen, by halves: in one order for every vector width. The others are set to zero.</summary>
    public static float Add(float* sums, int lanes)
    {
        if (lanes < Tensor.Lanes)
            new Span<float>(sums + lanes, Tensor.Lanes - lanes).Clear();
        var quarter = (Vector128.Load(sums) + Vector128.Load(sums + 8)) + (Vector128.Load(sums + 4) + Vector128.Load(sums + 12));
        return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
    }
}
