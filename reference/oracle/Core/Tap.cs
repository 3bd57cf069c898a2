namespace Conformance.Oracle;

/// <summary>
/// One multiplication of a layer, as flat positions: an output element, an input element and a weight element. <see cref="Weight"/> is −1 if the
/// layer has no weights (pools, ReLU). The product is multiplied by <see cref="Factor"/> (a slope) and divided by <see cref="Divisor"/> (the size of
/// an averaged window). These are two numbers, so that a division is rounded once.
/// </summary>
public readonly record struct Tap(int Output, int Input, int Weight = -1, double Factor = 1, double Divisor = 1);

/// <summary>
/// What takes the taps of a walk, one after the other. It is a struct, so that the compiler makes one loop of the walk and the taker: a walk takes
/// millions of taps.
/// </summary>
public interface ITapTaker
{
    void Take(in Tap tap);
}

/// <summary>Keeps the taps that are wanted.</summary>
internal readonly struct TapList(List<Tap> taps, Func<Tap, bool>? isWanted = null) : ITapTaker
{
    public void Take(in Tap tap)
    {
        if (isWanted is null || isWanted(tap))
            taps.Add(tap);
    }
}
