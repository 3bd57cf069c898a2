using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of every optimiser: the learning rate, the parameter, the elements, and the gradients that it is given.</summary>
internal static class OptimizerDefects
{
    /// <param name="rated">The terms with another learning rate of the step itself.</param>
    /// <param name="moved">The terms with another parameter after a step, from the step, the parameter before it and the right one.</param>
    /// <param name="known">The ends of ids that are left out.</param>
    public static IEnumerable<Defect> For<TTerms>(
        string op, Func<TTerms, Func<OptimizerStep, Rounded>, TTerms> rated,
        Func<TTerms, Func<OptimizerStep, Rounded, Rounded, Rounded>, TTerms> moved, params string[] known)
    {
        return new[] { Rates(), Parameters(), Gradients(op) }.SelectMany(defects => defects)
            .Where(defect => !known.Contains(defect.Id[(op.Length + 1)..]));

        IEnumerable<Defect> Rates() =>
        [
            Rate("rate-of-the-step-before", "the learning rate changes one step late", "read the rate at each step",
                step => step.PreviousLearningRate),
            Rate("rate-of-the-first-step", "the learning rate is read once, at the first step", "read the rate at each step",
                step => step.FirstLearningRate),
            Rate("rate-of-the-next-step", "the learning rate changes one step early: the schedule steps before the optimiser",
                "step the schedule after the optimiser", step => step.NextLearningRate),
            Rate("rate-twice", "the step is multiplied by the rate twice", "multiply it once", step => step.LearningRate * step.LearningRate),
            Rate("rate-missing", "the step is not multiplied by the rate", "multiply the step by lr", _ => 1),
            Rate("rate-unread", "the learning rate is always 0.001", "read the rate", _ => 0.001),
            Rate("rate-over-the-step", "the learning rate is divided by the number of the step, which nobody asked for",
                "take the rate that is given for the step", step => step.LearningRate / step.Number),
            Rate("ascends", "the step is added", "take the step off", step => -step.LearningRate),
        ];

        IEnumerable<Defect> Parameters()
        {
            yield return Moved("parameter-in-float16", "the parameter is kept in float16", "keep a float32 copy of it to update",
                (_, _, after) => (double)(Half)after.Value);
            yield return Moved("parameter-not-updated", "the parameter stays as it is: the step goes into a copy",
                "write the step into the parameter itself", (_, before, _) => before);
            yield return Moved("step-taken-twice", "the step is taken off the parameter twice", "take it off once",
                (_, before, after) => after + (after - before));
            yield return Moved("first-step-skipped", "the parameter does not move at the first step", "take a step for each gradient",
                (step, before, after) => step.Number == 1 ? before : after);
            yield return Moved("first-step-alone", "the parameter moves at the first step alone", "take a step for each gradient",
                (step, before, after) => step.Number == 1 ? after : before);
            yield return Moved("last-element-not-updated", "the loop over the elements ends one early", "update every element",
                (step, before, after) => step.Element < step.Elements - 1 ? after : before);
            yield return Moved("first-element-alone-updated", "only the first element of the parameter moves", "update every element",
                (step, before, after) => step.Element == 0 ? after : before);
            foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight"), (16, "sixteen") })
                yield return Moved($"tail-of-{lanes}-not-updated", $"the elements behind the last whole vector of {word} don't move",
                    "add a loop for the elements that remain",
                    (step, before, after) => Vectors.Hold(step.Element, step.Elements, lanes) ? after : before, OddInput);
        }

        TermDefect<TTerms> Rate(string name, string mistake, string mend, Func<OptimizerStep, Rounded> rate) =>
            new($"{op}.{name}", Passes.Forward, Optimiser, mistake, mend, terms => rated(terms, rate));

        TermDefect<TTerms> Moved(string name, string mistake, string mend, Func<OptimizerStep, Rounded, Rounded, Rounded> parameter,
            MistakeClass kind = Optimiser) =>
            new($"{op}.{name}", Passes.Forward, kind, mistake, mend, terms => moved(terms, parameter));
    }

    /// <summary>The optimiser is given other gradients than those of its step.</summary>
    private static IEnumerable<Defect> Gradients(string op)
    {
        yield return Read("gradients-added-up", "the gradients of earlier steps are never set to zero",
            "set the gradients to zero before each backward pass, or assign them in it",
            (g, t, e) => Enumerable.Range(0, t + 1).Sum(step => g[step * g.Shape[1] + e]));
        yield return Read("gradient-of-the-first-step", "the first step's gradient is used at every step", "read the gradient at each step",
            (g, _, e) => g[e]);
        yield return Read("gradient-of-the-step-before", "each step uses the gradient of the step before, and the first none",
            "compute the gradient before the step", (g, t, e) => t == 0 ? 0 : g[(t - 1) * g.Shape[1] + e]);
        yield return Read("gradient-of-the-next-element", "each element uses the gradient of the one after it", "use the element's own gradient",
            (g, t, e) => g[t * g.Shape[1] + (e + 1) % g.Shape[1]]);
        yield return Read("gradient-of-the-first-element", "every element uses the first one's gradient", "use the element's own gradient",
            (g, t, _) => g[t * g.Shape[1]]);
        yield return Read("gradient-of-the-mean-element", "every element uses the mean of all gradients", "use the element's own gradient",
            (g, t, _) => Of(g, t).Average());
        yield return Read("gradients-transposed", "the gradients are read as [elements, steps]", "read step t at t·E + e",
            (g, t, e) => g[e * g.Shape[0] + t]);
        yield return Read("gradient-averaged-over-elements", "the gradient is divided by the number of elements",
            "use the gradient as it is: the loss has its mean already", (g, t, e) => g[t * g.Shape[1] + e] / g.Shape[1]);
        yield return Read("gradient-normalised", "each step's gradient is divided by its norm", "use the gradient as it is",
            (g, t, e) => g[t * g.Shape[1] + e] / Math.Max(Norm(g, t), 1e-12));
        yield return Read("gradient-norm-clipped", "each step's gradient is scaled down to a norm of 1",
            "clip only where it is asked for", (g, t, e) => g[t * g.Shape[1] + e] / Math.Max(Norm(g, t), 1), Clipping);
        yield return Read("gradient-sign-alone", "the sign of the gradient alone is used", "use the gradient as it is",
            (g, t, e) => PlainNumbers.Sign(g[t * g.Shape[1] + e]));
        yield return Read("gradient-tail-lost", "the gradient behind the last whole vector of eight counts as zero",
            "add a loop for the elements that remain", (g, t, e) => Vectors.Hold(e, g.Shape[1]) ? g[t * g.Shape[1] + e] : 0, OddInput);

        OperandDefect Read(string name, string mistake, string mend, Func<Tensor64, int, int, double> read, MistakeClass kind = Optimiser) =>
            new($"{op}.{name}", Passes.Forward, kind, mistake, mend, "gradients", (_, g) =>
                new(g.Shape, [.. Enumerable.Range(0, g.Length).Select(flat => read(g, flat / g.Shape[1], flat % g.Shape[1]))]));
    }

    private static double[] Of(Tensor64 gradients, int step) =>
        gradients.Data.Slice(step * gradients.Shape[1], gradients.Shape[1]).ToArray();

    private static double Norm(Tensor64 gradients, int step) => Math.Sqrt(Of(gradients, step).Sum(value => value * value));
}
