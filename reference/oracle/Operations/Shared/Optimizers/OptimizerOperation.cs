namespace Conformance.Oracle.Operations;

/// <summary>
/// An optimiser over a sequence of gradients [T, E] and learning rates. The answer is the parameter and the state after each step, [T, E] each. The
/// learning rate changes between steps, so that a rate inside the state is visible.
/// </summary>
/// <typeparam name="TState">An element's parameter and state.</typeparam>
public abstract class OptimizerOperation<TState> : Operation
    where TState : struct
{
    /// <summary>
    /// The tolerance in multiples of the first-order error. An engine that computes in the same order stays within a quarter of its tolerance;
    /// another order has a few more roundings.
    /// </summary>
    private const double Margin = 4;

    /// <summary>The exact tier's limit with four bits to spare, for engines that multiply the same numbers in another order.</summary>
    private const double Budget = ErrorBound.Budget / 16;

    public override OperationKind Kind => OperationKind.Optimizer;

    /// <summary>The outputs by name, and the function that reads each from the state.</summary>
    protected abstract IEnumerable<(string Name, Func<TState, Rounded> Value)> Outputs(LayerCase layerCase);

    /// <summary>The state before the first step.</summary>
    protected abstract TState Start(double parameter);

    /// <summary>One step of every element, with a defect if there is one.</summary>
    protected abstract Func<TState, double, OptimizerStep, TState> Rule(LayerCase layerCase, Defect? defect);

    protected override LayerResult Answer(LayerCase layerCase, Defect? defect) =>
        new(Run(layerCase, defect, number => number.Value), new Dictionary<string, Tensor64>());

    /// <summary>
    /// 0 in the exact tier, otherwise four times the running error of <see cref="Rounded"/> along the steps. Calibrated by <c>CalibrationTests</c>: a
    /// naive float32 loop, with float32 betas, reaches 0.24 of the tolerance (sgd), 0.23 (adam) and 0.18 (adamw) over 400 random runs of each;
    /// libtorch 1.13.1's float32 0.24, 0.22 and 0.16 over 300 and the stored cases.
    /// </summary>
    public override ErrorBound Bound(LayerCase layerCase, LayerResult expected) =>
        layerCase.Tier == Tier.Exact ? ErrorBound.Exact : RunningError(layerCase, null);

    /// <summary>The running error of the steps with the engine's convention.</summary>
    public override ErrorBound BoundUnder(LayerCase layerCase, LayerResult answer, Defect? meant) => RunningError(layerCase, meant);

    private ErrorBound RunningError(LayerCase layerCase, Defect? meant) =>
        new(Run(layerCase, meant, number => number.Error).ToDictionary(
            pair => "outputs." + pair.Key, pair => ErrorBound.NonLinear(pair.Value, _ => Margin, _ => 0)));

    /// <summary>
    /// <c>t6-e37</c> means six steps over 37 elements. The rate is <c>r</c>, and half of it in every third step from the second on. Gradients:
    /// <c>zeros</c>: every second step, from the second on, has zeros; <c>coast</c>: only the first step is not zero; <c>still</c>: all are zero;
    /// <c>turn</c>: positive in the first half, negative in the second.
    /// </summary>
    /// <param name="refused">The reason why PyTorch refuses the options; null if it does not.</param>
    protected LayerCase Draw(
        Spelling spelling, double rate, Func<int, Tensor64> parameter, Func<int, int, Tensor64> gradients, (string Name, object? Value)[] options,
            string? refused)
    {
        var (steps, elements) = (spelling.Single('t'), spelling.Single('e'));
        if (steps is < 1 or > 1000)
            throw spelling.Error("t must be from 1 to 1000");
        var (which, flat) = (spelling.OneOf("", "zeros", "coast", "still", "turn"), 0);
        var rates = Enumerable.Range(0, steps).Select(step => step % 3 == 1 ? rate / 2 : rate).ToArray();
        var inputs = new Dictionary<string, Tensor64>
        {
            ["parameter"] = parameter(elements),
            ["gradients"] = gradients(steps, elements).Select(gradient => Shaped(which, flat++ / elements, steps, gradient)),
        };
        var drawn = Case(Attributes.FromPairs([("lr", rates), .. options]), Tier.Bounded, inputs, cotangent: null) with { Refused = refused };
        return refused is null && IsExact(Answer(drawn, null)) ? drawn with { Tier = Tier.Exact } : drawn;
    }

    private static double Shaped(string which, int step, int steps, double gradient) => which switch
    {
        "zeros" => step % 2 == 1 ? 0 : gradient,
        "coast" => step > 0 ? 0 : gradient,
        "still" => 0,
        "turn" => step < steps / 2 ? Math.Abs(gradient) : -Math.Abs(gradient),
        _ => gradient,
    };

    /// <summary>Whether every number of the run is a multiple of one power of two, and at most 2²⁰ times that power.</summary>
    private static bool IsExact(LayerResult result)
    {
        var numbers = result.Outputs.Values.SelectMany(tensor => tensor.Data.ToArray()).Select(Math.Abs).Where(number => number > 0).ToArray();
        return numbers.Length == 0 || numbers.Max() / numbers.Min(Grain) <= Budget;
    }

    /// <summary>The value of a number's last bit.</summary>
    private static double Grain(double number) =>
        Math.ScaleB(1, Math.ILogB(number) - 52 + System.Numerics.BitOperations.TrailingZeroCount(BitConverter.DoubleToInt64Bits(number) | 1L << 52));

    private Dictionary<string, Tensor64> Run(LayerCase layerCase, Defect? defect, Func<Rounded, double> of)
    {
        var (start, gradients) = (layerCase.Input("parameter"), layerCase.Input("gradients"));
        var (steps, elements) = (gradients.Shape[0], start.Length);
        if (!gradients.HasShape([steps, elements]))
            throw new ArgumentException($"{layerCase.Id}: gradients {gradients} should be [T,{elements}], for parameter {start}");
        var (rates, rule) = (layerCase.Attributes.Numbers("lr", steps), Rule(layerCase, defect));
        var states = new TState[steps * elements];
        for (var i = 0; i < states.Length; i++)
        {
            var step = i / elements;
            var before = step == 0 ? Start(start[i]) : states[i - elements];
            states[i] = rule(before, gradients[i], new(step + 1, rates[step], rates[Math.Max(0, step - 1)])
            {
                FirstLearningRate = rates[0],
                NextLearningRate = rates[Math.Min(step + 1, steps - 1)],
                Element = i % elements,
                Elements = elements,
            });
        }
        return Outputs(layerCase).ToDictionary(
            output => output.Name, output => new Tensor64(gradients.Shape, Array.ConvertAll(states, state => of(output.Value(state)))));
    }

    protected override string[] AxisNames(string name, int rank, bool isOutput) =>
        rank == 2 ? ["step", "element"] : base.AxisNames(name, rank, isOutput);
}
