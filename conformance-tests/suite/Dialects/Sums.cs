using Conformance.Oracle;

namespace Conformance.Suite.Dialects;

/// <summary>Combines tensors of several replies.</summary>
internal static class Sums
{
    /// <summary>The sum of the tensors; null if one is missing or has another shape than the first.</summary>
    public static Tensor64? Add(IEnumerable<Tensor64?> tensors)
    {
        Tensor64? sum = null;
        foreach (var tensor in tensors)
        {
            if (tensor is null || (sum is not null && !sum.HasShape(tensor.Shape)))
                return null;
            var before = sum;
            sum = before is null ? tensor : new(tensor.Shape, [.. Enumerable.Range(0, tensor.Length).Select(i => before[i] + tensor[i])]);
        }
        return sum;
    }
}
