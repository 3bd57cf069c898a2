using Conformance.Engine.Tensors;

namespace Conformance.Engine.Networks;

/// <summary>The count of connections by which the variance of a weight is scaled.</summary>
public enum FanMode
{
    /// <summary>The number of weights that one output sums. Activations keep their scale.</summary>
    FanIn,

    /// <summary>The number of weights that one input goes to. Gradients keep their scale.</summary>
    FanOut,
}

/// <summary>
/// Draws the initial weights of a network. A parameter of rank 2 or more is a weight <c>[out, in, …]</c>, with fan-in <c>in·…</c> and fan-out
/// <c>out·…</c>. A parameter named <c>bias</c> becomes zeros (<see cref="PyTorchDefault"/> draws it too). All other parameters, such as batch
/// norm's γ, stay unchanged.
/// </summary>
/// <remarks>
/// One splitmix64 stream runs through the parameters in order, row-major, so that a seed gives the same weights on every machine. A normal number is
/// drawn by the ratio of uniforms (u, then v, each the upper 53 bits plus one, times 2⁻⁵³) and multiplied by the standard deviation. A uniform
/// number is bound·(2u − 1). The computation is in float64, rounded to float32.
/// </remarks>
public sealed class Initialization
{
    /// <summary>The initialisations by the names that network definitions use. The first is the default.</summary>
    private static readonly (string Name, Func<Initialization> Create)[] _named =
    [
        ("he_normal", () => HeNormal()),
        ("he_uniform", () => HeUniform()),
        ("xavier_normal", () => XavierNormal()),
        ("xavier_uniform", () => XavierUniform()),
        ("pytorch", () => PyTorchDefault!), // set by the time this is called
    ];

    private readonly Func<double, double, double> _variance; // the variance of a weight, from fan-in and fan-out
    private readonly bool _normal;
    private readonly bool _drawsBias;

    private Initialization(bool normal, Func<double, double, double> variance, bool drawsBias = false) =>
        (_normal, _variance, _drawsBias) = (normal, variance, drawsBias);

    /// <summary>
    /// PyTorch's default for conv2d and linear: weight and bias are uniform in ±1/√fan-in (equal to <see cref="HeUniform"/> with a slope of √5).
    /// The fan-in of a bias is that of the weight before it.
    /// </summary>
    public static Initialization PyTorchDefault { get; } = new(normal: false, (fanIn, _) => 1 / (3 * fanIn), drawsBias: true);

    /// <summary>
    /// Normal with standard deviation √(2 / ((1 + a²)·fan)), as <c>torch.nn.init.kaiming_normal_</c> (He et al. 2015), for ReLU or a leaky ReLU
    /// of slope a.
    /// </summary>
    /// <param name="mode">The fan that scales the variance.</param>
    /// <param name="negativeSlope">a, the slope of the leaky ReLU; 0 for ReLU.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
    public static Initialization HeNormal(FanMode mode = FanMode.FanIn, double negativeSlope = 0) => new(normal: true, He(mode, negativeSlope));

    /// <summary>Uniform in ±√(6 / ((1 + a²)·fan)), as <c>torch.nn.init.kaiming_uniform_</c>.</summary>
    /// <inheritdoc cref="HeNormal"/>
    public static Initialization HeUniform(FanMode mode = FanMode.FanIn, double negativeSlope = 0) => new(normal: false, He(mode, negativeSlope));

    /// <summary>
    /// Normal with standard deviation gain·√(2 / (fan-in + fan-out)), as <c>torch.nn.init.xavier_normal_</c> (Glorot and Bengio 2010), for tanh
    /// and similar functions.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initialization XavierNormal(double gain = 1) => new(normal: true, Xavier(gain));

    /// <summary>Uniform in ±gain·√(6 / (fan-in + fan-out)), as <c>torch.nn.init.xavier_uniform_</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The gain is negative or not finite.</exception>
    public static Initialization XavierUniform(double gain = 1) => new(normal: false, Xavier(gain));

    /// <summary>The names that <see cref="Named"/> accepts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _named.Select(named => named.Name)];

    /// <summary>Returns an initialisation by its name in a network definition, such as <c>xavier_uniform</c>.</summary>
    /// <exception cref="ArgumentException">There is no initialisation of that name.</exception>
    public static Initialization Named(string name) => Array.Find(_named, named => named.Name == name).Create is { } create
        ? create()
        : throw new ArgumentException($"initialization: expected {string.Join(", ", Names)}, got '{name}'", nameof(name));

    /// <param name="parameters">The parameters of a layer or a network.</param>
    public void Fill(IReadOnlyList<Parameter> parameters, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var random = new SplitMix64(seed);
        double variance = 0; // of the last weight
        string? layer = null; // the layer of the last weight
        foreach (var (name, value, _) in parameters)
        {
            var (prefix, last) = name.LastIndexOf('.') is >= 0 and var dot ? (name[..dot], name[(dot + 1)..]) : ("", name);
            if (value.Shape.Length >= 2)
            {
                int taps = Shapes.Size(value.Shape[2..]);
                (variance, layer) = (_variance(value.Shape[1] * (double)taps, value.Shape[0] * (double)taps), prefix);
                Draw(value.Span, variance, ref random);
            }
            else if (last == "bias" && _drawsBias && layer == prefix)
                Draw(value.Span, variance, ref random);
            else if (last == "bias")
                value.Span.Clear();
        }
    }

    private void Draw(Span<float> values, double variance, ref SplitMix64 random)
    {
        double scale = Math.Sqrt(_normal ? variance : 3 * variance);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(scale * (_normal ? random.Normal() : random.Symmetric()));
    }

    private static Func<double, double, double> He(FanMode mode, double slope)
    {
        if (!double.IsFinite(slope))
            throw new ArgumentOutOfRangeException(nameof(slope), slope, $"initialization: expected a finite negativeSlope, got {slope}");
        double gainSquared = 2 / (1 + slope * slope);
        return (fanIn, fanOut) => gainSquared / (mode == FanMode.FanIn ? fanIn : fanOut);
    }

    private static Func<double, double, double> Xavier(double gain) => gain >= 0 && double.IsFinite(gain)
        ? (fanIn, fanOut) => gain * gain * 2 / (fanIn + fanOut)
        : throw new ArgumentOutOfRangeException(nameof(gain), gain, $"initialization: expected a finite gain of 0 or more, got {gain}");
}
