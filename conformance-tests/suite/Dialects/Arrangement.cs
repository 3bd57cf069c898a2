using Conformance.Oracle;

namespace Conformance.Suite.Dialects;

/// <summary>The source of each element of an answer whose axes are permuted or reversed.</summary>
/// <param name="Order">Axis i of the answer is axis <c>Order[i]</c> of the correct tensor.</param>
/// <param name="Reversed">For each axis of the correct tensor, whether it is reversed.</param>
internal sealed record Arrangement(int[] Order, bool[] Reversed)
{
    public int Changes => Order.Where((axis, place) => axis != place).Count() + Reversed.Count(reversed => reversed);

    public bool IsIdentity => Changes == 0;

    public int[] Shape(int[] right) => [.. Order.Select(axis => right[axis])];

    /// <summary>For each flat position of the answer, the flat position in the correct tensor of shape <paramref name="right"/>.</summary>
    public int[] Sources(int[] right)
    {
        var steps = new int[right.Length];
        for (var (axis, step) = (right.Length - 1, 1); axis >= 0; step *= right[axis--])
            steps[axis] = step;
        var answer = Tensor64.Zeros(Shape(right));
        var sources = new int[answer.Length];
        for (var flat = 0; flat < sources.Length; flat++)
        {
            var index = answer.IndexOf(flat);
            for (var place = 0; place < index.Length; place++)
            {
                var axis = Order[place];
                sources[flat] += steps[axis] * (Reversed[axis] ? right[axis] - 1 - index[place] : index[place]);
            }
        }
        return sources;
    }
}
