namespace Conformance.Oracle;

/// <summary>
/// The fill of a multilinear case. The default is small integers, judged exactly. With the word <c>float</c> it is fractions, judged within a bound.
/// With the word <c>address</c> each element of the input is its flat position + 1, and every other tensor has a single 1 in each row, so that an
/// answer shows which element was read.
/// </summary>
public sealed class TapNumbers
{
    private readonly string _kind;
    private readonly Func<string, Fill> _fill;

    public TapNumbers(Spelling spelling, Func<string, Fill> fill) => (_kind, _fill) = (spelling.OneOf("", "float", "address"), fill);

    public Tier Tier => _kind == "float" ? Tier.Bounded : Tier.Exact;

    /// <summary>Numbers between −<paramref name="most"/> and <paramref name="most"/> from the tensor's own stream, or addresses.</summary>
    public Tensor64 Draw(string name, int most, params ReadOnlySpan<int> shape) => _kind switch
    {
        "float" => _fill(name).Uniform(most, shape),
        "address" => name == "input" ? Addresses(shape) : OneInEachRow(shape),
        _ => _fill(name).Integers(-most, most, shape),
    };

    /// <summary>1, 2, 3 … in row-major order.</summary>
    public static Tensor64 Addresses(params ReadOnlySpan<int> shape)
    {
        var address = 0;
        return Tensor64.Zeros(shape).Select(_ => ++address);
    }

    /// <summary>Row r, along the first axis, has a 1 at position r modulo its length, and zeros elsewhere.</summary>
    private static Tensor64 OneInEachRow(ReadOnlySpan<int> shape)
    {
        var zeros = Tensor64.Zeros(shape);
        var (length, flat) = (shape[0] == 0 ? 0 : zeros.Length / shape[0], 0);
        return zeros.Select(_ => flat / length % length == flat++ % length ? 1 : 0);
    }
}
