namespace Conformance.Oracle.Operations;

/// <summary>The known mistakes of adam and adamw: the counter, the corrections, the moments, and the place of the weight decay.</summary>
internal static class AdamDefects
{
    /// <param name="op"><c>adam</c> or <c>adamw</c>.</param>
    /// <param name="decoupled">Whether the weight decay is subtracted from the parameter, as in adamw.</param>
    public static IReadOnlyList<Defect> For(string op, bool decoupled)
    {
        return
        [
            Change("no-first-correction",
                "the first moment is not corrected: the first steps are too short",
                "divide m by 1 − β₁ᵗ",
                terms => terms with { FirstCorrection = _ => 1 }),
            Change("no-second-correction",
                "the second moment is not corrected: the first steps are too long",
                "divide v by 1 − β₂ᵗ",
                terms => terms with { SecondCorrection = _ => 1 }),
            Change("no-correction",
                "neither moment is corrected",
                "divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ",
                terms => terms with { FirstCorrection = _ => 1, SecondCorrection = _ => 1 }),
            Change("steps-from-zero",
                "t is counted from 0: the first correction is 1 − β⁰ = 0",
                "count the step before the correction: t is 1 at the first",
                terms => terms with
                {
                    FirstCorrection = u => 1 - Rounded.Power(u.Beta1, u.Step.Number - 1),
                    SecondCorrection = u => 1 - Rounded.Power(u.Beta2, u.Step.Number - 1),
                }),
            Change("corrected-as-at-the-first-step",
                "the corrections are 1 − β at every step",
                "take β to the power of the step",
                terms => terms with { FirstCorrection = u => 1 - u.Beta1, SecondCorrection = u => 1 - u.Beta2 }),
            Change("epsilon-inside-the-root",
                "ε is added to v before the root",
                "add ε to the root: √v̂ + ε",
                terms => terms with { Denominator = (u, v, correction) => Rounded.Sqrt(v / correction + u.Epsilon) }),
            Change("epsilon-before-the-correction",
                "ε is added to √v, and the correction divides both",
                "correct v first: √(v/(1 − β₂ᵗ)) + ε",
                terms => terms with { Denominator = (u, v, correction) => (Rounded.Sqrt(v) + u.Epsilon) / Rounded.Sqrt(correction) })
                .From(Seen.Convention("TensorFlow: ε is the paper's ε̂, added before the correction")),
            Change("epsilon-missing",
                "ε is not read: an element that has seen no gradient becomes NaN",
                "add ε to the root",
                terms => terms with { Denominator = (_, v, correction) => Rounded.Sqrt(v / correction) }),
            Change("root-missing",
                "the step is divided by v, not by its root",
                "take the root of the corrected v",
                terms => terms with { Denominator = (u, v, correction) => v / correction + u.Epsilon }),
            Change("betas-swapped",
                "β₁ is used for the squares and β₂ for the gradients",
                "betas[0] is the first moment's, betas[1] the second's",
                terms => terms with
                {
                    First = (u, g) => terms.First(Swapped(u), g),
                    Second = (u, g) => terms.Second(Swapped(u), g),
                    FirstCorrection = u => terms.FirstCorrection(Swapped(u)),
                    SecondCorrection = u => terms.SecondCorrection(Swapped(u)),
                }),
            Change("state-reset",
                "the moments start anew at each step, as where an optimiser is made for each batch",
                "keep the state from one step to the next",
                terms => terms with { First = (u, g) => (1 - u.Beta1) * g, Second = (u, g) => (1 - u.Beta2) * (g * g) }),
            Change("first-moment-adds-the-whole-gradient",
                "the first moment is a momentum buffer: m ← β₁·m + g",
                "weigh the gradient with 1 − β₁",
                terms => terms with { First = (u, g) => u.Beta1 * u.Before.First + g }),
            Change("second-moment-of-the-gradient",
                "the second moment averages |g|, not its square",
                "average g²",
                terms => terms with { Second = (u, g) => u.Beta2 * u.Before.Second + (1 - u.Beta2) * Rounded.Sqrt(g * g) }),
            Change("moments-one-step-late",
                "the parameter moves along the moment of the step before",
                "update the moments first",
                terms => terms with { Step = (u, p, _, denominator) =>
                    p - u.Step.LearningRate * (u.Before.First / terms.FirstCorrection(u)) / denominator }),
            Change("decay-ignored",
                "weight decay is not read",
                decoupled ? "multiply the parameter by 1 − lr·λ" : "add λ·p to the gradient",
                terms => terms with { Parameter = AdamTerms.Untouched, Gradient = AdamTerms.Plain }),
            decoupled
                ? Change("decay-coupled",
                    "λ·p is added to the gradient, as adam does: the moments see it",
                    "multiply the parameter by 1 − lr·λ, and leave the gradient alone",
                    terms => terms with { Parameter = AdamTerms.Untouched, Gradient = AdamTerms.Coupled })
                : Change("decay-decoupled",
                    "the parameter is multiplied by 1 − lr·λ, as adamw does",
                    "add λ·p to the gradient, so that the moments see it",
                    terms => terms with { Parameter = AdamTerms.Decoupled, Gradient = AdamTerms.Plain }),
            Change("decay-without-the-rate",
                "the parameter is multiplied by 1 − λ, whatever the rate",
                decoupled ? "multiply it by 1 − lr·λ" : "add λ·p to the gradient",
                terms => terms with { Parameter = u => u.Before.Parameter * (1 - u.Decay), Gradient = AdamTerms.Plain }),
            Change("decay-after-the-step",
                "the parameter decays after the step, and the step with it",
                decoupled ? "multiply the parameter by 1 − lr·λ first" : "add λ·p to the gradient",
                terms => terms with
                {
                    Parameter = AdamTerms.Untouched,
                    Gradient = AdamTerms.Plain,
                    Step = (u, p, m, denominator) => (p - u.Step.LearningRate * m / denominator) * (1 - u.Step.LearningRate * u.Decay),
                }),
            .. Others(op, decoupled),
            .. OptimizerDefects.For<AdamTerms>(op,
                (terms, rate) => terms with
                {
                    Step = (u, p, m, denominator) =>
                        terms.Step(u with { Step = u.Step with { LearningRate = rate(u.Step) } }, p, m, denominator),
                },
                (terms, moved) => terms with
                {
                    Step = (u, p, m, denominator) => moved(u.Step, u.Before.Parameter, terms.Step(u, p, m, denominator)),
                }),
            .. ValueDefects.NaNLost(op, ("gradients", Passes.Forward), ValuePlace.Output),
            // adamw's moments don't see the parameter, but they may begin as 0·p, so that no case has a NaN there.
            .. decoupled ? [] : ValueDefects.NaNLost(op, ("parameter", Passes.Forward)),
            .. ValueDefects.InfinityLost(op, ("gradients", Passes.Forward)),
            .. ValueDefects.Clipped(op, ("gradients", Passes.Forward), ("parameter", Passes.Forward)),
            new AcceptDefect($"{op}.betas-unchecked",
                "a beta of 1 is taken, with which nothing is ever averaged",
                "refuse betas that are not from 0 to below 1",
                layerCase => layerCase.Refused!.Contains("beta", StringComparison.Ordinal)),
        ];

        TermDefect<AdamTerms> Change(string name, string mistake, string mend, Func<AdamTerms, AdamTerms> change) =>
        new($"{op}.{name}", Passes.Forward, MistakeClass.Optimiser, mistake, mend, change);
    }

    // TensorFlow's form, a step of lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ) with ε added to √v, is epsilon-before-the-correction. A counter that
    // stays at 1 is corrected-as-at-the-first-step.
    private static IEnumerable<Defect> Others(string op, bool decoupled)
    {
        var decay = decoupled
            ? "multiply the parameter by 1 − lr·λ, and leave the gradient alone"
            : "add λ·p to the gradient, before both moments";
        yield return Counter("counter-counts-elements", "the step counter goes up at every element: t is (step − 1)·E + i + 1",
            "count steps, not elements", u => (u.Step.Number - 1) * u.Step.Elements + u.Step.Element + 1);
        yield return Counter("steps-from-two", "the step counter is one ahead: t is 2 at the first step",
            "t is 1 at the first step", u => u.Step.Number + 1);
        yield return Change("correction-by-product", "the corrections are 1 − β·t: a product for a power",
            "take β to the power of t",
            terms => terms with { FirstCorrection = u => 1 - u.Step.Number * u.Beta1, SecondCorrection = u => 1 - u.Step.Number * u.Beta2 });
        yield return Change("corrections-swapped", "the first moment is divided by 1 − β₂ᵗ and the second by 1 − β₁ᵗ",
            "each moment has its own beta",
            terms => terms with { FirstCorrection = terms.SecondCorrection, SecondCorrection = terms.FirstCorrection });
        yield return Change("one-beta-in-the-corrections", "both moments are divided by 1 − β₁ᵗ",
            "divide the second by 1 − β₂ᵗ",
            terms => terms with { SecondCorrection = terms.FirstCorrection });
        yield return Change("one-beta", "β₁ serves both moments",
            "betas[1] is the second moment's",
            terms => terms with
            {
                Second = (u, g) => terms.Second(u with { Beta2 = u.Beta1 }, g),
                SecondCorrection = u => terms.SecondCorrection(u with { Beta2 = u.Beta1 })
            });
        yield return Change("betas-unread", "the betas are always 0.9 and 0.999",
            "read the betas",
            terms => terms with
            {
                First = (u, g) => terms.First(Default(u), g),
                Second = (u, g) => terms.Second(Default(u), g),
                FirstCorrection = u => terms.FirstCorrection(Default(u)),
                SecondCorrection = u => terms.SecondCorrection(Default(u)),
            });
        yield return Change("corrected-moments-kept", "the corrected moments are written back into the state",
            "correct copies, and keep the state as it is",
            terms => terms with
            {
                First = (u, g) => terms.First(u, g) / terms.FirstCorrection(u),
                Second = (u, g) => terms.Second(u, g) / terms.SecondCorrection(u),
                FirstCorrection = _ => 1,
                SecondCorrection = _ => 1,
            });
        yield return Change("correction-outside-the-root", "the root of v is divided by the whole correction: √v/(1 − β₂ᵗ)",
            "divide v before the root: √(v/(1 − β₂ᵗ))",
            terms => terms with { Denominator = (u, v, correction) => Rounded.Sqrt(v) / correction + u.Epsilon });
        yield return Change("rate-corrected-without-root",
            "the rate is multiplied by (1 − β₂ᵗ)/(1 − β₁ᵗ): the root of the first is missing",
            "the rate's correction is √(1 − β₂ᵗ)/(1 − β₁ᵗ)",
            terms => terms with { Denominator = (u, v, correction) => (Rounded.Sqrt(v) + u.Epsilon) / correction });
        yield return Change("moments-multiplied-by-correction", "the moments are multiplied by their corrections",
            "divide them: m/(1 − β₁ᵗ), v/(1 − β₂ᵗ)",
            terms => terms with { FirstCorrection = u => 1 / terms.FirstCorrection(u), SecondCorrection = u => 1 / terms.SecondCorrection(u) });
        yield return Change("first-moment-missing", "there is no first moment: the step is along the gradient, as RMSprop's is",
            "keep the first moment, and step along it",
            terms => terms with { First = (_, g) => g, FirstCorrection = _ => 1 });
        yield return Change("second-moment-missing", "the step is not divided by the root of the second moment",
            "divide the first moment by √v̂ + ε",
            terms => terms with { Denominator = (_, _, _) => 1 });
        yield return Change("second-moment-adds-the-whole-square", "the squares are added whole: v ← β₂·v + g²",
            "weigh them with 1 − β₂",
            terms => terms with { Second = (u, g) => u.Beta2 * u.Before.Second + g * g });
        yield return Change("second-moment-adds-up", "the squares are added up and never fade, as Adagrad's do",
            "v ← β₂·v + (1 − β₂)·g²",
            terms => terms with { Second = (u, g) => u.Before.Second + g * g });
        yield return Change("betas-for-one-minus-betas", "the new gradient is weighed with β and the old moment with 1 − β",
            "the old moment is weighed with β",
            terms => terms with
            {
                First = (u, g) => (1 - u.Beta1) * u.Before.First + u.Beta1 * g,
                Second = (u, g) => (1 - u.Beta2) * u.Before.Second + u.Beta2 * (g * g),
            });
        yield return Change("square-of-the-weighted-gradient", "1 − β₂ is squared with the gradient: ((1 − β₂)·g)²",
            "weigh the square: (1 − β₂)·g²",
            terms => terms with { Second = (u, g) => u.Beta2 * u.Before.Second + (1 - u.Beta2) * g * ((1 - u.Beta2) * g) });
        yield return Change("second-moment-of-the-first", "the second moment averages the square of m, not of g",
            "average g²",
            terms => terms with { Second = (u, g) => terms.Second(u, terms.First(u, g)) });
        yield return Change("second-moment-centred", "the second moment averages (g − m)², as AdaBelief does",
            "average g²",
            terms => terms with { Second = (u, g) => terms.Second(u, g - terms.First(u, g)) });
        yield return Change("largest-second-moment", "the largest second moment so far divides, as with amsgrad, which nobody asked for",
            "divide by the root of the second moment itself",
            terms => terms with
            {
                Denominator = (u, v, correction) =>
                terms.Denominator(u, v.Value > u.Before.Largest.Value ? v : u.Before.Largest, correction)
            });
        yield return Change("largest-gradient", "the second moment is the largest of β₂·v and |g|, and has no root: Adamax",
            "average g², and take its root",
            terms => terms with
            {
                Second = (u, g) => Larger(u.Beta2 * u.Before.Second, Rounded.Sqrt(g * g)),
                Denominator = (u, v, _) => v + u.Epsilon,
            });
        yield return Change("nesterov", "the step looks ahead: β₁·m̂ + (1 − β₁)·g/(1 − β₁ᵗ), as Nadam does",
            "step along m̂",
            terms => terms with
            {
                Step = (u, p, m, denominator) =>
                    terms.Step(u, p, u.Beta1 * m + (1 - u.Beta1) * terms.Gradient(u) / terms.FirstCorrection(u), denominator),
            });
        yield return Change("first-moment-in-float16", "the first moment is kept in float16",
            "keep the state in float32",
            terms => terms with { First = (u, g) => (double)(Half)terms.First(u, g).Value });
        yield return Change("second-moment-in-float16", "the second moment is kept in float16, where small squares vanish",
            "keep the state in float32",
            terms => terms with { Second = (u, g) => (double)(Half)terms.Second(u, g).Value });
        yield return Change("epsilon-unread", "ε is always 1e-8",
            "read eps",
            terms => terms with { Denominator = (u, v, correction) => terms.Denominator(u with { Epsilon = 1e-8 }, v, correction) });
        yield return Change("epsilon-squared-inside-the-root", "ε² is added to v before the root",
            "add ε to the root: √v̂ + ε",
            terms => terms with { Denominator = (u, v, correction) => Rounded.Sqrt(v / correction + u.Epsilon * u.Epsilon) });
        yield return Change("epsilon-as-a-floor", "ε is the least that the root may be: max(√v̂, ε)",
            "add ε to the root: √v̂ + ε",
            terms => terms with { Denominator = (u, v, correction) => Larger(Rounded.Sqrt(v / correction), u.Epsilon) });
        yield return Change("decay-sign", "the decay has the wrong sign: weights grow", decay,
            terms => decoupled
                ? terms with { Parameter = u => u.Before.Parameter * (1 + u.Step.LearningRate * u.Decay) }
                : terms with { Gradient = u => u.Gradient - u.Decay * u.Before.Parameter });
        yield return Change("decay-twice", "the decay is added to the gradient, and taken off the parameter too", decay,
            terms => terms with { Parameter = AdamTerms.Decoupled, Gradient = AdamTerms.Coupled });
        yield return Change("decay-in-the-first-moment-alone", "the decay reaches the first moment alone: the squares are of the bare gradient",
            decay,
            terms => terms with
            {
                Parameter = AdamTerms.Untouched,
                First = (u, _) => terms.First(u, AdamTerms.Coupled(u)),
                Second = (u, _) => terms.Second(u, u.Gradient),
            });
        yield return Change("decay-in-the-second-moment-alone", "the decay reaches the second moment alone: the step is along the bare gradient's",
            decay,
            terms => terms with
            {
                Parameter = AdamTerms.Untouched,
                First = (u, _) => terms.First(u, u.Gradient),
                Second = (u, _) => terms.Second(u, AdamTerms.Coupled(u)),
            });
        yield return Change("decay-divided-by-the-root", "λ·p is added to the corrected first moment, and divided with it by √v̂ + ε", decay,
            terms => terms with
            {
                Parameter = AdamTerms.Untouched,
                Gradient = AdamTerms.Plain,
                Step = (u, p, m, denominator) => terms.Step(u, p, m + u.Decay * u.Before.Parameter, denominator),
            });
        yield return Change("decay-of-the-sign", "the decay is λ with the sign of p, as L1's is", decay,
            terms => decoupled
                ? terms with { Parameter = u => u.Before.Parameter - u.Step.LearningRate * u.Decay * PlainNumbers.Sign(u.Before.Parameter.Value) }
                : terms with { Gradient = u => u.Gradient + u.Decay * PlainNumbers.Sign(u.Before.Parameter.Value) });
        yield return Change("decay-doubled", "the decay is 2·λ·p, the derivative of λ·p²", decay,
            terms => decoupled
                ? terms with { Parameter = u => u.Before.Parameter * (1 - 2 * (u.Step.LearningRate * u.Decay)) }
                : terms with { Gradient = u => u.Gradient + 2 * (u.Decay * u.Before.Parameter) });
        yield return Change("decay-of-one", "the decay is λ itself, without p", decay,
            terms => decoupled
                ? terms with { Parameter = u => u.Before.Parameter - u.Step.LearningRate * u.Decay }
                : terms with { Gradient = u => u.Gradient + u.Decay });
        yield return Change("decay-of-the-rate", "the rate multiplies the decay once more: lr·λ in place of λ", decay,
            terms => decoupled
                ? terms with { Parameter = u => u.Before.Parameter * (1 - u.Step.LearningRate * (u.Step.LearningRate * u.Decay)) }
                : terms with { Gradient = u => u.Gradient + u.Step.LearningRate * u.Decay * u.Before.Parameter });
        yield return Change("first-moment-never-fades", "the gradients are added up without β₁: m ← m + (1 − β₁)·g",
            "multiply the old moment by β₁",
            terms => terms with { First = (u, g) => u.Before.First + (1 - u.Beta1) * g });
        yield return Change("beta-on-the-gradient-too", "β₁ multiplies the gradient too: m ← β₁·(m + (1 − β₁)·g)",
            "add the weighted gradient itself",
            terms => terms with { First = (u, g) => u.Beta1 * (u.Before.First + (1 - u.Beta1) * g) });
        yield return Change("moments-start-at-the-gradient", "the moments start as the first g and g², and are corrected all the same",
            "start both moments at zero",
            terms => terms with
            {
                First = (u, g) => u.Step.Number == 1 ? g : terms.First(u, g),
                Second = (u, g) => u.Step.Number == 1 ? g * g : terms.Second(u, g),
            });
        yield return Change("second-moment-starts-at-one", "the second moment starts at 1",
            "start it at zero",
            terms => terms with
            {
                Second = (u, g) => u.Step.Number == 1 ? terms.Second(u with { Before = u.Before with { Second = 1 } }, g) : terms.Second(u, g),
            });
        yield return Change("largest-second-moment-kept", "the largest second moment so far is written into the state, and divides",
            "keep the average of the squares, whatever it was before",
            terms => terms with { Second = (u, g) => Larger(terms.Second(u, g), u.Before.Second) });
        yield return Change("epsilon-in-the-root-and-outside", "ε is added under the root and to it: √(v̂ + ε) + ε",
            "add ε to the root alone: √v̂ + ε",
            terms => terms with { Denominator = (u, v, correction) => Rounded.Sqrt(v / correction + u.Epsilon) + u.Epsilon });
        yield return Change("epsilon-left-out-at-the-first-step", "ε is left out at the first step",
            "add ε to the root at every step",
            terms => terms with
            {
                Denominator = (u, v, correction) => u.Step.Number == 1 ? Rounded.Sqrt(v / correction) : terms.Denominator(u, v, correction),
            });
        yield return Change("epsilon-multiplied-by-the-correction", "ε is multiplied by the correction: √v̂ + ε·√(1 − β₂ᵗ)",
            "add ε itself to the corrected root",
            terms => terms with { Denominator = (u, v, correction) => Rounded.Sqrt(v / correction) + u.Epsilon * Rounded.Sqrt(correction) });
        if (!decoupled)
            yield break;
        yield return Change("decay-at-the-first-rate", "the decay keeps the first step's learning rate",
            "multiply the parameter by 1 − lr·λ with the step's own rate",
            terms => terms with { Parameter = u => u.Before.Parameter * (1 - u.Step.FirstLearningRate * u.Decay) });
        yield return Change("decay-at-the-rate-before", "the decay takes the learning rate of the step before",
            "multiply the parameter by 1 − lr·λ with the step's own rate",
            terms => terms with { Parameter = u => u.Before.Parameter * (1 - u.Step.PreviousLearningRate * u.Decay) });

        TermDefect<AdamTerms> Counter(string name, string mistake, string mend, Func<AdamUpdate, int> number) =>
            Change(name, mistake, mend, terms => terms with
            {
                FirstCorrection = u => terms.FirstCorrection(u with { Step = u.Step with { Number = number(u) } }),
                SecondCorrection = u => terms.SecondCorrection(u with { Step = u.Step with { Number = number(u) } }),
            });

        TermDefect<AdamTerms> Change(string name, string mistake, string mend, Func<AdamTerms, AdamTerms> change) =>
        new($"{op}.{name}", Passes.Forward, MistakeClass.Optimiser, mistake, mend, change);
    }

    private static AdamUpdate Default(AdamUpdate u) => u with { Beta1 = 0.9, Beta2 = 0.999 };

    private static Rounded Larger(Rounded a, Rounded b) => a.Value > b.Value ? a : b;

    private static AdamUpdate Swapped(AdamUpdate u) => u with { Beta1 = u.Beta2, Beta2 = u.Beta1 };
}
