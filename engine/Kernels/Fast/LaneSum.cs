using System.Runtime.Intrinsics;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>Adds the lanes of a sum over images.</summary>
internal static unsafe class LaneSum
{
    /// <summary>
    /// Sums the first lanes of sixteen by halves, in the same order for every vector width. The other lanes are set to zero.
    /// </summary>
    public static float Add(float* sums, int lanes)
    {
        if (lanes < Tensor.Lanes)
            new Span<float>(sums + lanes, Tensor.Lanes - lanes).Clear();
        var quarter = (Vector128.Load(sums) + Vector128.Load(sums + 8)) + (Vector128.Load(sums + 4) + Vector128.Load(sums + 12));
        return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
    }
}
