using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>More mistakes in the gradients of batch norm, which people derive by hand.</summary>
internal static class BatchNormGradientDefects
{
    private const string Right = "dx = γ/σ·(dy − mean(dy) − x̂·mean(dy·x̂))";

    public static IEnumerable<Defect> Of(string op)
    {
        return
        [
            Slope("sums-for-means", Scale, "the input gradient takes sums over the channel off, where means belong",
                s => (s.H - s.M * s.MeanH - s.Normal * s.M * s.MeanHNormal) / s.Deviation),
            Slope("sum-for-the-mean", Scale, "the term of the mean lacks its 1/M",
                s => (s.H - s.M * s.MeanH - s.Normal * s.MeanHNormal) / s.Deviation),
            Slope("sum-in-the-variance-term", Scale, "the term of the variance lacks its 1/M",
                s => (s.H - s.MeanH - s.Normal * s.M * s.MeanHNormal) / s.Deviation),
            Slope("divided-by-m", Scale, "the whole input gradient is divided by M",
                s => (s.H - s.MeanH - s.Normal * s.MeanHNormal) / s.Deviation / s.M),
            Slope("mean-added", Derivative, "the term of the mean is added",
                s => (s.H + s.MeanH - s.Normal * s.MeanHNormal) / s.Deviation),
            Slope("variance-term-added", Derivative, "the term of the variance is added",
                s => (s.H - s.MeanH + s.Normal * s.MeanHNormal) / s.Deviation),
            Slope("variance-term-twice", Derivative, "the term of the variance is twice what it should be: the ½ of the root's derivative is lost",
                s => (s.H - s.MeanH - 2 * s.Normal * s.MeanHNormal) / s.Deviation),
            Slope("variance-term-half", Derivative, "the term of the variance is half what it should be: the 2 of the square's derivative is lost",
                s => (s.H - s.MeanH - s.Normal * s.MeanHNormal / 2) / s.Deviation),
            Slope("variance-term-of-x", Derivative, "the term of the variance takes x − mean for x̂, on the outside",
                s => (s.H - s.MeanH - s.Normal * s.Deviation * s.MeanHNormal) / s.Deviation),
            Slope("variance-term-of-x-twice", Derivative, "the term of the variance takes x − mean for x̂, in the mean too",
                s => (s.H - s.MeanH - s.Normal * s.Deviation * s.Deviation * s.MeanHNormal) / s.Deviation),
            Slope("variance-term-of-m-minus-one", Derivative, "the means of the input gradient are divided by M − 1",
                s => (s.H - (s.MeanH + s.Normal * s.MeanHNormal) * s.M / (s.M - 1)) / s.Deviation),
            Slope("variance-term-without-normal", Derivative, "mean(dy·x̂) is taken off without its factor x̂",
                s => (s.H - s.MeanH - s.MeanHNormal) / s.Deviation),
            Slope("multiplied-by-deviation", Derivative, "the input gradient is multiplied by σ where it is divided",
                s => (s.H - s.MeanH - s.Normal * s.MeanHNormal) * s.Deviation),
            Slope("sign", Derivative, "the input gradient has the wrong sign",
                s => -(s.H - s.MeanH - s.Normal * s.MeanHNormal) / s.Deviation),
            Slope("passes", Derivative, "the input gradient is γ·dy: σ and the statistics are left out",
                s => s.H),
            Term("backward-input-divided-by-gamma", Passes.InputGradient, Derivative,
                "the input gradient is divided by γ where it is multiplied", Right,
                terms => terms with { Upstream = (dy, gamma) => dy / gamma }),
            Term("backward-weight-of-x", Passes.WeightGradient, Derivative,
                "dγ is the sum of dy·x, the input as it came",
                "dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = of => of.Dy * of.X }),
            Term("backward-weight-of-x-minus-mean", Passes.WeightGradient, Derivative,
                "dγ is the sum of dy·(x − mean), without the division by σ",
                "dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = of => of.Dy * of.Normal * of.Deviation }),
            Term("backward-weight-of-y", Passes.WeightGradient, Derivative,
                "dγ is the sum of dy·y, the output in place of x̂",
                "keep x̂ for the backward pass: dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = of => of.Dy * of.Y }),
            Term("backward-weight-times-gamma", Passes.WeightGradient, Derivative,
                "dγ is the sum of γ·dy·x̂",
                "dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = of => of.Gamma * of.Dy * of.Normal }),
            Term("backward-bias-times-gamma", Passes.BiasGradient, Derivative,
                "dβ is the sum of γ·dy",
                "dβ = Σ dy",
                terms => terms with { BiasTerm = of => of.Gamma * of.Dy }),
            Term("backward-weight-sign", Passes.WeightGradient, Derivative,
                "dγ has the wrong sign",
                "dγ = Σ dy·x̂",
                terms => terms with { WeightTerm = of => -of.Dy * of.Normal }),
            Term("backward-bias-sign", Passes.BiasGradient, Derivative,
                "dβ has the wrong sign",
                "dβ = Σ dy",
                terms => terms with { BiasTerm = of => -of.Dy }),
            Term("backward-weight-and-bias-swapped", Passes.WeightGradient | Passes.BiasGradient, Derivative,
                "dγ and dβ are answered under each other's name",
                "dγ = Σ dy·x̂ and dβ = Σ dy",
                terms => terms with { WeightTerm = terms.BiasTerm, BiasTerm = terms.WeightTerm }),
            Term("backward-affine-mean-over-images", Passes.WeightGradient | Passes.BiasGradient, Scale,
                "dγ and dβ are divided by the number of images",
                "sum them: the loss has divided by N already",
                terms => terms with { WeightTerm = of => terms.WeightTerm(of) / of.Geometry.N, BiasTerm = of => terms.BiasTerm(of) / of.Geometry.N }),
            Term("backward-affine-of-last-image", Passes.WeightGradient | Passes.BiasGradient, Assignment,
                "dγ and dβ are those of the last image: = for +=",
                "add them up over the images",
                terms => terms with
                {
                    WeightTerm = of => of.At.N == of.Geometry.N - 1 ? terms.WeightTerm(of) : 0,
                    BiasTerm = of => of.At.N == of.Geometry.N - 1 ? terms.BiasTerm(of) : 0,
                }),
        ];

        TermDefect<BatchNormTerms> Slope(string mistake, MistakeClass kind, string what, Func<BatchNormSlope, double> slope) =>
            Term($"backward-input-{mistake}", Passes.InputGradient, kind, what, Right, terms => terms with { Slope = slope });

        TermDefect<BatchNormTerms> Term(
            string mistake, Passes passes, MistakeClass kind, string what, string mend, Func<BatchNormTerms, BatchNormTerms> change) =>
            new($"{op}.{mistake}", passes, kind, what, mend, change);
    }
}
