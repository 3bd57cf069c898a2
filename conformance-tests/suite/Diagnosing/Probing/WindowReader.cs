using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>
/// Finds the window of a maximum. If every input is its own address, the answer is the address of the largest element. Setting that element below
/// zero gives the next largest.
/// </summary>
internal static class WindowReader
{
    private const double Sunk = -1;

    public static TapSum Read(TapQuestions questions)
    {
        var input = TapNumbers.Addresses(questions.Operand("input")!.Shape).Data.ToArray();
        var window = new SortedSet<int>();
        while (true)
        {
            var answer = questions.Ask(("input", [.. input]));
            if (answer is Sunk or 0)
                return new([.. window.Select(at => new TapProduct(at, -1, 1))], []) { Zero = answer == 0, IsMaximum = true };
            if (answer != Math.Floor(answer) || !(answer >= 1 && answer <= input.Length) || !window.Add((int)answer - 1))
                throw new UnreadableException("the element is not the maximum of a window");
            input[(int)answer - 1] = Sunk;
        }
    }
}
