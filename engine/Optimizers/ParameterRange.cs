using Conformance.Engine.Tensors;

namespace Conformance.Engine.Optimizers;

/// <summary>A range of the elements of one parameter. The ranges do not depend on the number of threads.</summary>
/// <param name="Index">The index of the parameter.</param>
internal readonly record struct ParameterRange(Parameter Parameter, int Index, int Start, int Length)
{
    private const int Longest = 4096;

    public Span<float> Value => Parameter.Value.Span.Slice(Start, Length);

    public Span<float> Gradient => Parameter.Gradient.Span.Slice(Start, Length);

    /// <summary>The same elements of the optimiser's state.</summary>
    public Span<float> Slice(IReadOnlyList<Tensor> state) => state[Index].Span.Slice(Start, Length);

    /// <summary>Cuts all elements of the parameters into ranges.</summary>
    public static ParameterRange[] Cut(IReadOnlyList<Parameter> parameters) =>
    [
        .. from index in Enumerable.Range(0, parameters.Count)
           let length = parameters[index].Value.Length
           from part in Enumerable.Range(0, (length + Longest - 1) / Longest)
           select new ParameterRange(parameters[index], index, part * Longest, Math.Min(Longest, length - part * Longest)),
    ];
}
