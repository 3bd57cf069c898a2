namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of every operation that masks or scales its elements.</summary>
internal static class ElementwiseDefects
{
    /// <summary>The mistakes of an operation that masks or scales its elements.</summary>
    public static IEnumerable<Defect> For(string op) =>
    [
        new ResultDefect($"{op}.tail-lost", Passes.Forward | Passes.InputGradient, MistakeClass.OddInput,
            "the elements behind the last whole vector of eight stay zero",
            "add a loop for the elements that remain",
            (_, result) => Vectors.WithoutTail(result)),
        new OperandDefect($"{op}.output-gradient-left-out", Passes.InputGradient, MistakeClass.Derivative,
            "the derivative itself is answered, without the output gradient",
            "multiply it by dy",
            "cotangent", (_, dy) => dy.Select(_ => 1)),
        new ResultDefect($"{op}.gradient-negated", Passes.InputGradient, MistakeClass.Derivative,
            "the gradient has the other sign",
            "multiply dy by the derivative, with its sign",
            (_, dx) => dx.Select(value => -value)),
        new ResultDefect($"{op}.gradient-averaged-over-images", Passes.InputGradient, MistakeClass.Scale,
            "the gradient is divided by the number of images once more",
            "leave dx as it is: the loss has divided by N already",
            (_, dx) => dx.Select(value => value / dx.Shape[0])),
        .. ValueDefects.For(op),
    ];
}
