namespace Conformance.Oracle;

/// <summary>The passes of a layer that a mistake can be in.</summary>
[Flags]
public enum Passes
{
    None = 0,
    Forward = 1,
    InputGradient = 2,
    WeightGradient = 4,
    BiasGradient = 8,
    Backward = InputGradient | WeightGradient | BiasGradient,
    All = Forward | Backward,
}
