using Conformance.Engine.Tensors;
using Conformance.Oracle;

namespace Conformance.Scratch;

/// <summary>
/// Converts the suite's float64 tensors to the engine's float32 ones, and back. A case's inputs are float32 values, so nothing is lost.
/// </summary>
internal static class Conversion
{
    public static int[] ToInts(this Tensor64 tensor) => Array.ConvertAll(tensor.Data.ToArray(), value => (int)value);

    public static Tensor ToEngine(this Tensor64 tensor) => Tensor.From(tensor.ToFloats(), tensor.Shape);

    /// <summary>A layer takes a batch, so that a number without axes is a batch of one.</summary>
    public static Tensor ToBatch(this Tensor64 tensor) => tensor.Rank == 0 ? Tensor.From(tensor.ToFloats(), 1) : tensor.ToEngine();

    public static Tensor64 ToTensor64(this Tensor tensor) => Tensor64.From(tensor.Shape, tensor.ToArray());
}
