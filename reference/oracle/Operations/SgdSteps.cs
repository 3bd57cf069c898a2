namespace Conformance.Oracle.Operations;

/// <summary>One element's update in named terms: its buffer and gradient before, the coefficients, and what a rule makes of them.</summary>
public readonly record struct SgdUpdate(double Buffer, double Gradient, double Momentum, double LearningRate);

/// <summary>The update rule: from an update's terms to the new buffer and what is taken off the parameter.</summary>
public sealed record SgdTerms(Func<SgdUpdate, (double Buffer, double Step)> Rule);

/// <summary>
/// sgd with momentum in PyTorch's form, over a sequence of gradients and learning rates: v ← μ·v + g (the first step: v ← g), p ← p − lr·v. Answers the
/// parameter and the buffer after each step. The learning rate changes between steps: without that, a rate inside the buffer would not show.
/// </summary>
public sealed class SgdSteps : Operation
{
    public override string Name => "sgd";

    public override IReadOnlyList<Defect> Defects { get; } =
    [
        Rule("sgd.rate-inside-the-buffer",
            "the learning rate is multiplied into the buffer: v ← μ·v + lr·g, p ← p − v",
            "keep the rate out of the buffer: v ← μ·v + g, p ← p − lr·v",
            u => (u.Momentum * u.Buffer + u.LearningRate * u.Gradient, u.Momentum * u.Buffer + u.LearningRate * u.Gradient)),
        Rule("sgd.buffer-is-a-mean",
            "the buffer is a running mean: v ← μ·v + (1 − μ)·g",
            "add the whole gradient: v ← μ·v + g",
            u => Plain(u, u.Momentum * u.Buffer + (1 - u.Momentum) * u.Gradient)),
        Rule("sgd.momentum-forgotten",
            "the buffer starts anew at each step",
            "keep the buffer from one step to the next",
            u => Plain(u, u.Gradient)),
        Rule("sgd.ascends",
            "the step is added: p ← p + lr·v",
            "take the step off: p ← p − lr·v",
            u => (u.Momentum * u.Buffer + u.Gradient, -u.LearningRate * (u.Momentum * u.Buffer + u.Gradient))),
    ];

    /// <summary><c>sgd/t6-e37</c>: six steps over 37 elements; momentum 1/2 and rates of 1/2 and 1/4 keep every number exact. <c>plain</c>: no momentum.</summary>
    protected override LayerCase Draw(Spelling spelling, Func<string, Fill> fill)
    {
        var (steps, elements) = (spelling.Single('t'), spelling.Single('e'));
        if (steps is < 1 or > 8)
            throw spelling.Error("t must be from 1 to 8, so that every number stays exact");
        var rates = Enumerable.Range(0, steps).Select(step => step % 3 == 1 ? 0.25 : 0.5).ToArray();
        return Case(
            Attributes.Of(("lr", rates), ("momentum", spelling.Word("plain") ? 0.0 : 0.5), ("dampening", 0.0), ("weight_decay", 0.0), ("nesterov", false)),
            Tier.Exact,
            new Dictionary<string, Tensor64>
            {
                ["parameter"] = fill("parameter").Integers(-9, 9, elements),
                ["gradients"] = fill("gradients").Integers(-5, 5, steps, elements),
            },
            cotangent: null);
    }

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect)
    {
        var (attributes, gradients) = (layerCase.Attributes, layerCase.Input("gradients"));
        var (steps, elements) = (gradients.Shape[0], layerCase.Input("parameter").Length);
        if (attributes.Number("dampening") != 0 || attributes.Number("weight_decay") != 0 || attributes.Flag("nesterov"))
            throw new ArgumentException($"{layerCase.Id}: the oracle's sgd has no dampening, weight decay or Nesterov yet");
        var rates = attributes.Numbers("lr", steps);
        var rule = Terms.Of(defect, new SgdTerms(update => Plain(update, update.Momentum * update.Buffer + update.Gradient))).Rule;

        var (parameter, buffer) = (layerCase.Input("parameter").Data.ToArray(), new double[elements]);
        var (parameters, buffers) = (new double[steps * elements], new double[steps * elements]);
        for (var step = 0; step < steps; step++)
            for (var i = 0; i < elements; i++)
            {
                (buffer[i], var taken) = rule(new(buffer[i], gradients[step * elements + i], attributes.Number("momentum"), rates[step]));
                parameter[i] -= taken;
                (parameters[step * elements + i], buffers[step * elements + i]) = (parameter[i], buffer[i]);
            }
        return new(
            new Dictionary<string, Tensor64> { ["parameter"] = new(gradients.Shape, parameters), ["momentum_buffer"] = new(gradients.Shape, buffers) },
            new Dictionary<string, Tensor64>());
    }

    private static TermDefect<SgdTerms> Rule(string id, string mistake, string mend, Func<SgdUpdate, (double Buffer, double Step)> rule) =>
        new(id, Passes.Forward, mistake, mend, _ => new(rule));

    private static (double, double) Plain(SgdUpdate update, double buffer) => (buffer, update.LearningRate * buffer);
}
