using System.Text;

namespace Conformance.Oracle;

/// <summary>
/// The random numbers of one tensor in a case. Each tensor has its own stream, which can be reproduced in any language.
/// <para>The stream's state starts as FNV-1a (64 bit) of the UTF-8 text <c>seed/id/name</c>. Each number is the next output of splitmix64 (Steele,
/// Lea,
/// Flood 2014). <c>fixtures/README.md</c> describes both, with ten test values.</para>
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

    /// <summary>An integer from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Pick(int low, int high) => low + (int)(Next() % (ulong)(high - low + 1));

    /// <summary>One of the given values.</summary>
    public T Pick<T>(params ReadOnlySpan<T> of) => of[Pick(0, of.Length - 1)];

    /// <summary>
    /// Integers from <paramref name="low"/> to <paramref name="high"/>, both included: <c>low + next mod (high − low + 1)</c>. The tensor has a
    /// <see cref="Tensor64.Recipe"/> if it is the first that is drawn from the stream.
    /// </summary>
    public Tensor64 Integers(int low, int high, params ReadOnlySpan<int> shape)
    {
        var recipe = _begun ? null : new IntegerFill(low, high, _seed, _name);
        return new(shape, [.. Tensor64.Zeros(shape).Select(_ => low + (long)(Next() % (ulong)(high - low + 1))).Data]) { Recipe = recipe };
    }

    /// <summary>Draws the tensor of a recipe, for the case <paramref name="id"/>.</summary>
    public static Tensor64 Draw(IntegerFill recipe, string id, params ReadOnlySpan<int> shape) =>
        new Fill(recipe.Seed, id, recipe.Name).Integers(recipe.Low, recipe.High, shape);

    /// <summary>Float32 values in [−scale, scale): <c>scale · ((next &gt;&gt; 40) / 2²³ − 1)</c>, rounded to float32.</summary>
    public Tensor64 Uniform(double scale, params ReadOnlySpan<int> shape) =>
        Tensor64.Zeros(shape).Select(_ => (float)(scale * ((Next() >> 40) / (double)(1 << 23) - 1)));
}
