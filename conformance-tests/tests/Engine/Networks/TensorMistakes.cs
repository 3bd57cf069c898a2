using Conformance.Oracle;

namespace Conformance.Tests.Engine.Networks;

/// <summary>Mistakes of an engine in one tensor, from a sign to a single tap: limits must be narrow enough to see each.</summary>
internal static class TensorMistakes
{
    /// <summary>Those that change anything in this tensor.</summary>
    public static IEnumerable<(string Name, Tensor64 Changed)> Make(Tensor64 right) =>
        from mistake in new (string Name, Tensor64 Changed)[]
        {
            ("the sign", right.Select(value => -value)),
            ("a thousandth too much", right.Select(value => 1.001 * value)),
            ("a hundredth too much", right.Select(value => 1.01 * value)),
            ("nothing", right.Select(_ => 0)),
            ("the largest element lost", At(right, Largest(right), _ => 0)),
            ("the largest element a hundredth too much", At(right, Largest(right), value => 1.01 * value)),
            ("one tap more", At(right, Largest(right), value => value + OneTap(right))),
            ("the first channel lost", Part(right, 0, _ => 0)),
            ("the last channel's sign", Part(right, 1, value => -value)),
            ("the last row lost", LastRow(right)),
            ("NaN", At(right, 0, _ => double.NaN)),
            ("infinity", At(right, right.Length - 1, _ => double.PositiveInfinity)),
        }
        where !mistake.Changed.Data.SequenceEqual(right.Data)
        select mistake;

    private static int Largest(Tensor64 tensor) => Enumerable.Range(0, tensor.Length).MaxBy(i => Math.Abs(tensor[i]));

    /// <summary>
    /// An error smaller than one product of a random sum, as a share of the mean value: a twentieth for a map or kernel, whose elements sum a few
    /// hundred products, and a third for a weight matrix, whose elements sum one product for each of three images.
    /// </summary>
    private static double OneTap(Tensor64 tensor) => tensor.Data.ToArray().Average(Math.Abs) / (tensor.Rank > 2 ? 20 : 3);

    /// <summary>The channel of the second axis, of a vector the element: the first or the last.</summary>
    private static Tensor64 Part(Tensor64 tensor, int last, Func<double, double> change) => tensor.Rank == 0
        ? tensor.Select(change)
        : Slice(tensor, Math.Min(1, tensor.Rank - 1), last, change);

    /// <summary>The last of the axis before the innermost.</summary>
    private static Tensor64 LastRow(Tensor64 tensor) => tensor.Rank < 2 ? tensor.Select(_ => 0) : Slice(tensor, tensor.Rank - 2, last: 1, _ => 0);

    /// <summary>The first slice across an axis, or the last.</summary>
    private static Tensor64 Slice(Tensor64 tensor, int axis, int last, Func<double, double> change)
    {
        var (extent, inner) = (tensor.Shape[axis], 1);
        foreach (var length in tensor.Shape[(axis + 1)..])
            inner *= length;
        return Change(tensor, i => i / inner % extent == last * (extent - 1), change);
    }

    private static Tensor64 At(Tensor64 tensor, int flat, Func<double, double> change) => Change(tensor, i => i == flat, change);

    private static Tensor64 Change(Tensor64 tensor, Func<int, bool> where, Func<double, double> change)
    {
        var i = 0;
        return tensor.Select(value => where(i++) ? change(value) : value);
    }
}
