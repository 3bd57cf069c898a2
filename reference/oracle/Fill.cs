using System.Text;

namespace Conformance.Oracle;

/// <summary>
/// The numbers a case is filled with: a stream for each tensor, so that anyone can draw the same ones in any language.
/// <para>The stream's state starts as FNV-1a (64 bit) of the UTF-8 text <c>seed/id/name</c>; each number is the next output of
/// splitmix64 (Steele, Lea, Flood 2014). <c>fixtures/README.md</c> states both with ten test values.</para>
/// </summary>
public sealed class Fill
{
    private readonly ulong _seed;
    private readonly string _name;
    private ulong _state;
    private bool _begun;

    /// <param name="name">The tensor's name within the case: <c>input</c>, <c>cotangent.output</c>, …</param>
    public Fill(ulong seed, string id, string name)
    {
        (_seed, _name, _state) = (seed, name, 0xCBF29CE484222325);
        foreach (var octet in Encoding.UTF8.GetBytes($"{seed}/{id}/{name}"))
            _state = (_state ^ octet) * 0x100000001B3;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        _begun = true;
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Pick(int low, int high) => low + (int)(Next() % (ulong)(high - low + 1));

    /// <summary>One of the given.</summary>
    public T Pick<T>(params ReadOnlySpan<T> of) => of[Pick(0, of.Length - 1)];

    /// <summary>
    /// Integers from <paramref name="low"/> to <paramref name="high"/>, both included: <c>low + next mod (high − low + 1)</c>. The tensor knows its
    /// <see cref="Tensor64.Fill"/> where the stream begins with it.
    /// </summary>
    public Tensor64 Integers(int low, int high, params ReadOnlySpan<int> shape)
    {
        var fill = _begun ? null : new IntegerFill(low, high, _seed, _name);
        return new(shape, [.. Tensor64.Zeros(shape).Select(_ => low + (long)(Next() % (ulong)(high - low + 1))).Data]) { Fill = fill };
    }

    /// <summary>Float32 values in [−scale, scale): <c>scale · ((next &gt;&gt; 40) / 2²³ − 1)</c>, rounded to float32.</summary>
    public Tensor64 Uniform(double scale, params ReadOnlySpan<int> shape) =>
        Tensor64.Zeros(shape).Select(_ => (float)(scale * ((Next() >> 40) / (double)(1 << 23) - 1)));
}

/// <summary>How a tensor of integers is drawn from its own stream: all that a recipe keeps of it.</summary>
public sealed record IntegerFill(int Low, int High, ulong Seed, string Name)
{
    /// <summary>The tensor as the case <paramref name="id"/> has it.</summary>
    public Tensor64 Draw(string id, params ReadOnlySpan<int> shape) => new Fill(Seed, id, Name).Integers(Low, High, shape);
}

/// <summary>
/// What a multilinear case is filled with: small integers, judged exactly; with the word <c>float</c> fractions, judged within a bound; with the word
/// <c>address</c> the input's elements are their own flat position + 1 and everything else has a single 1 in each row, so that an answer shows which
/// element it read.
/// </summary>
public sealed class Numbers
{
    private readonly string _kind;
    private readonly Func<string, Fill> _fill;

    public Numbers(Spelling spelling, Func<string, Fill> fill) => (_kind, _fill) = (spelling.OneOf("", "float", "address"), fill);

    public Tier Tier => _kind == "float" ? Tier.Bounded : Tier.Exact;

    /// <summary>Numbers between −<paramref name="most"/> and <paramref name="most"/>, from the tensor's own stream; or addresses.</summary>
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

    /// <summary>Row r, along the first axis, has its one 1 at position r modulo its length, and zeros elsewhere.</summary>
    private static Tensor64 OneInEachRow(ReadOnlySpan<int> shape)
    {
        var zeros = Tensor64.Zeros(shape);
        var (length, flat) = (shape[0] == 0 ? 0 : zeros.Length / shape[0], 0);
        return zeros.Select(_ => flat / length % length == flat++ % length ? 1 : 0);
    }
}
