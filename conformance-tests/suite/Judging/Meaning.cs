using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>A case as an engine with other conventions reads it.</summary>
/// <param name="Outputs">The case for the outputs.</param>
/// <param name="Gradients">The case for the gradients.</param>
/// <param name="Meant">The known mistake that is the convention; null if the two cases express it alone.</param>
public sealed record Meaning(LayerCase Outputs, LayerCase Gradients, Defect? Meant)
{
    /// <summary>The names of the conventions without which the correct answer would be another; none if it is PyTorch's.</summary>
    public IReadOnlyList<string> Acted { get; init; } = [];

    /// <summary>Whether the correct answer differs from PyTorch's.</summary>
    public bool ChangesTheAnswer => Acted.Count > 0;

    /// <summary>The correct answer, or with a defect the answer of an engine that has it in addition to the convention.</summary>
    public LayerResult Answer(Defect? defect)
    {
        var (operation, both) = (AllOperations.Named(Outputs.Op), Meant is null ? defect : defect is null ? Meant : new PairDefect(Meant, defect));
        return Join(operation.Evaluate(Outputs, both), () => operation.Evaluate(Gradients, both));
    }

    /// <summary>The tolerance around <see cref="Answer"/> without a defect.</summary>
    public ErrorBound Bound(LayerResult answer)
    {
        var operation = AllOperations.Named(Outputs.Op);
        var (outputs, gradients) = (operation.BoundUnder(Outputs, answer, Meant), operation.BoundUnder(Gradients, answer, Meant));
        return new(Join(outputs.Tensors, gradients.Tensors)) { Spreads = Join(outputs.Spreads, gradients.Spreads) };
    }

    private LayerResult Join(LayerResult outputs, Func<LayerResult> gradients) =>
        ReferenceEquals(Outputs, Gradients) ? outputs : new(outputs.Outputs, gradients().Gradients);

    private static Dictionary<string, T> Join<T>(IReadOnlyDictionary<string, T> outputs, IReadOnlyDictionary<string, T> gradients)
    {
        return outputs.Where(pair => !IsGradient(pair.Key)).Concat(gradients.Where(pair => IsGradient(pair.Key))).ToDictionary();

        static bool IsGradient(string name) => name.StartsWith("gradients.", StringComparison.Ordinal);
    }
}
