namespace Conformance.Oracle;

/// <summary>A mistake in an index: each correct tap becomes another one.</summary>
public sealed record TapDefect<TGeometry, TTap>(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend,
    Func<TGeometry, TTap, TTap> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in accumulation: a later contribution replaces the earlier ones (<c>=</c> for <c>+=</c>).</summary>
public sealed record AssignDefect(string Id, Passes Passes, string Mistake, string Mend)
    : Defect(Id, Passes, MistakeClass.Assignment, Mistake, Mend);

/// <summary>A mistake in a factor: a result is multiplied by a number that depends only on the case.</summary>
public sealed record ScaleDefect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<LayerCase, double> Factor)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in reading: one of the operands is read in another way.</summary>
/// <param name="Operand"><c>input</c>, <c>weight</c>, <c>bias</c>, <c>cotangent</c> (the output gradient), or <see cref="Every"/>.</param>
/// <param name="Change">Converts the correct operand to the one that is read, of the same shape.</param>
public sealed record OperandDefect(
    string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, string Operand, Func<LayerCase, Tensor64, Tensor64> Change)
    : Defect(Id, Passes, Class, Mistake, Mend)
{
    /// <summary>Each operand that the pass reads.</summary>
    public const string Every = "every";

    /// <summary>The name of the output gradient as an operand.</summary>
    public const string Cotangent = "cotangent";

    /// <summary>The case with the operand as it is read.</summary>
    public LayerCase Read(LayerCase layerCase)
    {
        return layerCase with { Inputs = Changed(layerCase.Inputs, name => name), Cotangents = Changed(layerCase.Cotangents, _ => Cotangent) };

        Dictionary<string, Tensor64> Changed(IReadOnlyDictionary<string, Tensor64> tensors, Func<string, string> operand) => tensors.ToDictionary(
            pair => pair.Key, pair => Operand == Every || Operand == operand(pair.Key) ? Change(layerCase, pair.Value) : pair.Value);
    }
}

/// <summary>A mistake in the answer: a correct result becomes another one, perhaps of another shape.</summary>
public sealed record ResultDefect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend,
    Func<LayerCase, Tensor64, Tensor64> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in reading the options: the output is that of another case.</summary>
/// <param name="Change">Converts the correct case to the one that is computed.</param>
public sealed record CaseDefect(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<LayerCase, LayerCase> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>
/// A mistake in reading the options, carried through every pass and through the size formula: the engine computes another case. If its output has
/// another shape, real engines answer that shape, or throw where the output gradient meets it.
/// </summary>
/// <param name="Change">Converts the correct case to the one that is computed; null if its tensors don't fit each other.</param>
public sealed record MisreadDefect(string Id, MistakeClass Class, string Mistake, string Mend, Func<LayerCase, LayerCase?> Change)
    : Defect(Id, Passes.All, Class, Mistake, Mend);

/// <summary>A mistake in what the backward pass finds: some gradients are those of another case than the one that was asked forward.</summary>
/// <param name="Change">Converts the correct case, with its correct answer, to the one that the backward pass finds.</param>
public sealed record KeptDefect(
    string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<LayerCase, LayerResult, LayerCase> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A mistake in a formula: one of the operation's named terms is replaced.</summary>
/// <typeparam name="TTerms">The operation's terms, a record of functions.</typeparam>
/// <param name="Change">Converts the correct terms to the wrong ones: <c>terms => terms with { Variance = … }</c>.</param>
public sealed record TermDefect<TTerms>(string Id, Passes Passes, MistakeClass Class, string Mistake, string Mend, Func<TTerms, TTerms> Change)
    : Defect(Id, Passes, Class, Mistake, Mend);

/// <summary>A missing check: a case that must be refused is answered with numbers.</summary>
/// <param name="Accepts">Whether the engine accepts a refused case.</param>
public sealed record AcceptDefect(string Id, string Mistake, string Mend, Func<LayerCase, bool> Accepts)
    : Defect(Id, Passes.Forward, MistakeClass.Unchecked, Mistake, Mend);
