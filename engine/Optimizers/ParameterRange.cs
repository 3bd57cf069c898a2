using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>Some elements of one parameter. Work on all parameters is cut into such ranges, in the same way whatever the number of threads.</summary>
/// <param name="Index">Of the parameter.</param>
internal readonly record struct ParameterRange(Parameter Parameter, int Index, int Start, int Length)
{
    private const int Longest = 4096;

    public Span<float> Value => Parameter.Value.Span.Slice(Start, Length);

    public Span<float> Gradient => Parameter.Gradient.Span.Slice(Start, Length);

    /// <summary>The same elements of a state that belongs to the parameters.</summary>
    public Span<float> Slice(IReadOnlyList<Tensor> state) => state[Index].Span.Slice(Start, Length);

    /// <summary>All elements of the parameters, in ranges.</summary>
    public static ParameterRange[] Cut(IReadOnlyList<Parameter> parameters) =>
    [
        .. from index in Enumerable.Range(0, parameters.Count)
           let length = parameters[index].Value.Length
           from part in Enumerable.Range(0, (length + Longest - 1) / Longest)
           select new ParameterRange(parameters[index], index, part * Longest, Math.Min(Longest, length - part * Longest)),
    ];
}
