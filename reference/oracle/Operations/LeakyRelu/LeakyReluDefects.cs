using System.Globalization;
using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of a leaky ReLU.</summary>
internal static class LeakyReluDefects
{
    private const Passes Both = Passes.Forward | Passes.InputGradient;

    public static IReadOnlyList<Defect> All { get; } =
    [
        Factor("slope-in-forward-only", Passes.InputGradient, Derivative,
            "the gradient is that of relu: 0 where x ≤ 0",
            "multiply dy by the negative slope where x ≤ 0",
            (x, _) => x > 0 ? 1 : 0),
        Factor("slope-in-backward-only", Passes.Forward, Formula,
            "the output is that of relu: 0 where x ≤ 0",
            "multiply x by the negative slope where x ≤ 0",
            (x, _) => x > 0 ? 1 : 0),
        Factor("gradient-slope-of-one", Passes.InputGradient, Derivative,
            "the gradient passes everywhere, as if the slope were 1",
            "multiply dy by the negative slope where x ≤ 0",
            (_, _) => 1),
        Factor("open-at-zero", Passes.InputGradient, Derivative,
            "the gradient passes whole at x = 0: >= for >",
            "at x = 0 the gradient is negative_slope · dy, as PyTorch has it",
            (x, slope) => x >= 0 ? 1 : slope),
        Factor("slope-ignored", Both, Option,
            "the slope is always 0.01",
            "read negative_slope",
            (x, _) => x > 0 ? 1 : 0.01),
        Factor("slope-squared-in-backward", Passes.InputGradient, Derivative,
            "the gradient is multiplied by the slope twice",
            "multiply dy by the negative slope once",
            (x, slope) => x > 0 ? 1 : slope * slope),
        Factor("gradient-sides-swapped", Passes.InputGradient, Derivative,
            "the gradient is multiplied by the slope on the positive side",
            "multiply dy by the negative slope where x ≤ 0",
            (x, slope) => x > 0 ? slope : 1),
        Factor("gradient-missing", Passes.InputGradient, MissingGradient,
            "the gradient stays zero",
            "dx = dy where x > 0, else negative_slope · dy",
            (_, _) => 0),
        Factor("slope-sign", Both, Formula,
            "the negative side is turned over: −slope · x, as in |x|",
            "multiply x by the slope with its own sign",
            (x, slope) => x > 0 ? 1 : -slope),
        Factor("sides-swapped", Both, Formula,
            "the slope is applied to the positive side",
            "multiply by the slope where x ≤ 0",
            (x, slope) => x > 0 ? slope : 1),
        Factor("half-at-zero", Passes.InputGradient, Derivative,
            "at x = 0 the gradient is the mean of both sides: (1 + negative_slope)/2 · dy",
            "at x = 0 the gradient is negative_slope · dy, as PyTorch has it",
            (x, slope) => x == 0 ? (1 + slope) / 2 : x > 0 ? 1 : slope),
        Factor("closed-at-zero", Passes.InputGradient, Derivative,
            "at x = 0 the gradient is 0: neither x > 0 nor x < 0 holds",
            "at x = 0 the gradient is negative_slope · dy, as PyTorch has it",
            (x, slope) => x > 0 ? 1 : x < 0 ? slope : 0),
        Factor("greater-of-both", Both, Formula,
            "the greater of x and negative_slope · x is answered, which is the other one where the slope is above 1",
            "choose by the sign of x",
            (x, slope) => x > 0 == slope <= 1 ? 1 : slope),
        Factor("mask-of-the-output", Passes.InputGradient, Derivative,
            "the side is chosen by y ≥ 0, which holds everywhere where the slope is 0",
            "choose it by x > 0",
            (x, slope) => x >= 0 || slope * x >= 0 ? 1 : slope),
        Factor("slope-divides", Both, Formula,
            "the negative side is divided by the slope: x / a, as the first paper writes it with a above 1",
            "multiply it by the slope",
            (x, slope) => x > 0 ? 1 : 1 / slope)
            .From(Seen.Convention("Xu et al. 2015: the leaky side is x/a")),
        Factor("slope-squared", Both, Formula,
            "the slope is applied twice",
            "multiply the negative side by the slope once",
            (x, slope) => x > 0 ? 1 : slope * slope),
        Factor("slope-taken-off", Both, Formula,
            "the negative side is multiplied by 1 − slope",
            "multiply it by the slope",
            (x, slope) => x > 0 ? 1 : 1 - slope),
        Fixed("a-tenth", 0.1), Fixed("a-fifth", 0.2).From(Seen.Convention("TensorFlow: alpha is 0.2")),
            Fixed("three-tenths", 0.3).From(Seen.Convention("Keras: alpha is 0.3")),
        new ResultDefect("leaky_relu.mask-of-the-gradient", Passes.InputGradient, Derivative,
            "the side is chosen by the output gradient: where dy > 0 instead of where x > 0",
            "keep x in forward and choose by its sign",
            (layerCase, _) => layerCase.Cotangents["output"].Select(dy => dy > 0 ? dy : layerCase.Attributes.Number("negative_slope") * dy)),
        .. ElementwiseDefects.For("leaky_relu"),
        .. ValueDefects.Clipped("leaky_relu", ("input", Both)),
    ];

    private static TermDefect<LeakyReluTerms> Fixed(string name, double always) => Factor(
        $"slope-of-{name}", Both, Option, string.Create(CultureInfo.InvariantCulture, $"the slope is always {always}"), "read negative_slope",
            (x, _) => x > 0 ? 1 : always);

    private static TermDefect<LeakyReluTerms> Factor(string name, Passes passes, MistakeClass kind, string mistake, string mend,
        Func<double, double, double> factor) =>
        new($"leaky_relu.{name}", passes, kind, mistake, mend, _ => new(factor));
}
