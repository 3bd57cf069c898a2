using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of a network whose layers are correct: in the update, and in the connection of the layers.</summary>
internal static class LeNetDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        new TermDefect<LeNetTerms>("lenet.convolutions-frozen", Passes.Forward, Optimiser,
            "no update reaches the convolutions: the layers behind them learn, so accuracy still rises",
            "hand every layer's parameters to the optimiser",
            terms => terms with { Learns = name => !name.StartsWith("conv", StringComparison.Ordinal) }),
        new TermDefect<LeNetTerms>("lenet.optimiser-state-reset", Passes.Forward, Optimiser,
            "the momentum buffer is made anew for each batch",
            "keep one optimiser for the whole training",
            terms => terms with { KeepsBuffer = false }),
        new TermDefect<LeNetTerms>("lenet.gradients-accumulate", Passes.Forward, Accumulates,
            "the gradients of earlier steps are never set to zero",
            "set the gradients to zero before each backward pass, or assign them in it",
            terms => terms with { ZeroesGradients = false }),
        new TermDefect<LeNetTerms>("lenet.flatten-channels-last", Passes.All, Layout,
            "the maps are flattened with the channels running fastest, so that fc1's weights meet other features",
            "flatten in the order c, h, w",
            terms => terms with { Layer = _ => FlattenDefects.ChannelsLast }),
    ];
}
