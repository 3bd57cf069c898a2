namespace Conformance.Oracle.Operations;

/// <summary>
/// The answers of correct float32 engines to a network that is too long a chain for a formula. The plain engine runs in every order of summation,
/// with the inputs as they are and with each of their numbers changed in its last bit. One run may be right by chance, in a loss or a tensor of few
/// elements; eight runs are unlikely to be.
/// </summary>
public static class Float32Runs
{
    /// <summary>
    /// The tolerance is this many times the largest error of the runs. So the runs use at most a quarter of the tolerance, as a stored case requires.
    /// </summary>
    public const double TimesLargest = 4;

    /// <param name="inputs">The images, weights and other inputs of the network, by name; float32 numbers.</param>
    /// <param name="isNudged">Whether an input's numbers are changed; class numbers and masks are not.</param>
    /// <param name="run">The network's answer in one order of summation.</param>
    public static IReadOnlyList<LayerResult> InEveryOrder(
        IReadOnlyDictionary<string, Tensor64> inputs, Func<string, bool> isNudged,
            Func<IReadOnlyDictionary<string, Tensor64>, Summation, LayerResult> run) =>
    [
        .. Enum.GetValues<Summation>().AsParallel().AsOrdered()
            .SelectMany(order => new[] { inputs, Nudged(inputs, isNudged, order) }, (order, these) => run(these, order)),
    ];

    private static Dictionary<string, Tensor64> Nudged(IReadOnlyDictionary<string, Tensor64> inputs, Func<string, bool> isNudged, Summation order) =>
        inputs.ToDictionary(
        input => input.Key, input =>
            isNudged(input.Key) ? Nudged(input.Value, new Fill(1, order.ToString(), "last bit of " + input.Key)) : input.Value);

    /// <summary>Replaces each number by its next float32 neighbour, up or down.</summary>
    private static Tensor64 Nudged(Tensor64 tensor, Fill dice) =>
        tensor.Select(value => dice.Pick(0, 1) == 0 ? MathF.BitIncrement((float)value) : MathF.BitDecrement((float)value));
}
