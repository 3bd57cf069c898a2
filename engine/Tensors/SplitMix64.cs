namespace Conformance.Engine.Tensors;

/// <summary>
/// The splitmix64 generator (Steele, Lea and Flood 2014): state += 0x9E3779B97F4A7C15, then three xor-shifts and two multiplications. It is small,
/// and gives the same numbers on every machine and in every version of .NET. System.Random does not promise this.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number uniform in (0, 1]: the upper 53 bits plus one, times 2⁻⁵³.</summary>
    public double Uniform() => ((Next() >> 11) + 1) * (1.0 / (1UL << 53));

    /// <summary>A number uniform in (−1, 1].</summary>
    public double Symmetric() => 2 * Uniform() - 1;

    /// <summary>
    /// An integer uniform in 0 … count − 1: the upper 64 bits of the 128-bit product (the probability is off by less than count / 2⁶⁴).
    /// </summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>
    /// A standard normal number, by the ratio of uniforms (Kinderman and Monahan 1977): u, then v, uniform; x = √(8/e)·(v − ½)/u is accepted if
    /// x² ≤ −4·ln u, otherwise drawn again. The logarithm is used only for this decision, because its last bit differs between platforms.
    /// </summary>
    public double Normal()
    {
        const double Width = 1.7155277699214135;
        while (true)
        {
            double u = Uniform();
            double x = Width * (Uniform() - 0.5) / u;
            if (x * x <= -4 * Math.Log(u))
                return x;
        }
    }
}
