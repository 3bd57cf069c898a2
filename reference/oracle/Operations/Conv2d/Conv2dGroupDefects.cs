using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.Conv2dDefect;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in groups, and in depthwise convolutions.</summary>
internal static class Conv2dGroupDefects
{
    public static IEnumerable<Defect> All { get; } =
    [
        Change("groups-read-first", Everywhere, ChannelIndex,
            "every output channel reads the first group's input",
            "output o reads input channels o/(O/groups)·(C/groups) onwards",
            (_, tap) => tap with { C = tap.K })
            .Index("x[n, k, …]", "x[n, o/(O/groups)·(C/groups) + k, …]"),
        Change("backward-input-without-group-offset", Passes.InputGradient, ChannelIndex,
            "the input gradient of every group goes to the first group's channels",
            "add to channel o/(O/groups)·(C/groups) + k",
            (_, tap) => tap with { C = tap.K })
            .Index("dx[n, k, …]", "dx[n, o/(O/groups)·(C/groups) + k, …]"),
        Change("backward-weight-without-group-offset", Passes.WeightGradient, ChannelIndex,
            "the weight gradient of every group reads the first group's input",
            "read channel o/(O/groups)·(C/groups) + k",
            (_, tap) => tap with { C = tap.K })
            .Index("x[n, k, …]", "x[n, o/(O/groups)·(C/groups) + k, …]")
            .From(Seen.Issues("pytorch#51430")),
        Change("groups-dealt-in-turn", Everywhere, ChannelIndex,
            "outputs are dealt to the groups in turn: group o mod groups (a depthwise multiplier read the wrong way round)",
            "output o belongs to group o/(O/groups)",
            (g, tap) => tap with { C = tap.O % g.Groups * g.GroupInputs + tap.K })
            .Index("x[n, o mod groups·(C/groups) + k, …]", "x[n, o/(O/groups)·(C/groups) + k, …]"),
        Change("weight-by-global-channel", Everywhere, ChannelIndex,
            "the weight is read at the input's channel, where its own count within the group",
            "the weight's second axis is k, from 0 to C/groups − 1",
            (g, tap) => (tap.F * g.GroupInputs + tap.C) switch { var flat => tap with { F = flat / g.GroupInputs, K = flat % g.GroupInputs } })
            .Index("w[o, c, i, j]", "w[o, k, i, j]"),
        Change("weight-without-group-offset", Everywhere, ChannelIndex,
            "every group uses the first group's kernels: o mod O/groups",
            "index the weight by the output channel of the whole layer",
            (g, tap) => tap with { F = tap.O % g.GroupOutputs })
            .Index("w[o mod (O/groups), k, i, j]", "w[o, k, i, j]"),
        Change("one-kernel-for-each-group", Everywhere, ChannelIndex,
            "all outputs of a group use the kernel with the group's number",
            "index the weight by the output channel of the whole layer",
            (g, tap) => tap with { F = tap.O / g.GroupOutputs })
            .Index("w[o / (O/groups), k, i, j]", "w[o, k, i, j]"),
        Change("first-group-alone", Everywhere, ChannelIndex,
            "the loop over the groups is missing: only the first is computed",
            "compute every group, each from its own channels",
            (g, tap) => tap.O < g.GroupOutputs ? tap : Lost(tap)),
        Change("last-group-alone", Everywhere, Assignment,
            "each group starts from zeros again: only the last remains",
            "clear the result before the loop over the groups",
            (g, tap) => tap.O >= g.O - g.GroupOutputs ? tap : Lost(tap)),
        Change("groups-interleaved", Everywhere, ChannelIndex,
            "the outputs of the groups are written in turn: the first of each group, then the second",
            "the outputs of a group lie together",
            (g, tap) => tap with { O = tap.O % g.GroupOutputs * g.Groups + tap.O / g.GroupOutputs })
            .Index("y[n, o mod (O/groups)·groups + g, oh, ow]", "y[n, o, oh, ow]"),
        Change("depthwise-multiplier-ignored", Everywhere, ChannelIndex,
            "with one channel in each group there is one output for each input channel: those from C on get nothing but their bias",
            "each input channel has O/C outputs",
            (g, tap) => HasMultiplier(g) && tap.O >= g.C ? Lost(tap) : tap),
        new ResultDefect("conv2d.depthwise-outputs-zero", Passes.Forward, ChannelIndex,
            "with one channel in each group the outputs from C on stay zero, bias and all",
            "each input channel has O/C outputs",
            (layerCase, y) => Conv2dGeometry.FromCase(layerCase) is var g && HasMultiplier(g)
                ? Map(y, (value, flat) => flat / (g.OH * g.OW) % g.O < g.C ? value : 0) : y),
        new OperandDefect("conv2d.bias-by-group", Passes.Forward, ChannelIndex,
            "the bias is indexed by the group",
            "index the bias by the output channel",
            "bias", (layerCase, b) => Map(b, (_, o) => b[o / Conv2dGeometry.FromCase(layerCase).GroupOutputs]))
            .Index("b[g]", "b[o]"),
        new OperandDefect("conv2d.bias-within-group", Passes.Forward, ChannelIndex,
            "the bias is indexed by the output's number within its group",
            "index the bias by the output channel of the whole layer",
            "bias", (layerCase, b) => Map(b, (_, o) => b[o % Conv2dGeometry.FromCase(layerCase).GroupOutputs]))
            .Index("b[o mod (O/groups)]", "b[o]"),
        new OperandDefect("conv2d.bias-added-per-group", Passes.Forward, ChannelIndex,
            "the bias is added in the loop over the groups, once for each",
            "add b[o] once",
            "bias", (layerCase, b) => b.Select(value => value * Conv2dGeometry.FromCase(layerCase).Groups)),
    ];

    private static bool HasMultiplier(Conv2dGeometry g) => g.C > 1 && g.Groups == g.C && g.O > g.C;
}
