using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>An operand that a sum reads.</summary>
/// <param name="Name"><c>input</c>, <c>weight</c>, <c>bias</c> or <c>cotangent</c>.</param>
public sealed record TapOperand(string Name, Tensor64 Values)
{
    /// <summary>An element as text: <c>x[0,1,2,3]</c>.</summary>
    public string At(int flat) => Symbol + Tensor64.Text(Values.IndexOf(flat));

    /// <summary>The plane of an element as text: <c>x[0,1,·,·]</c>.</summary>
    public string PlaneAt(int flat)
    {
        var index = Values.IndexOf(flat);
        return $"{Symbol}[{string.Join(",", index.Select((at, axis) => axis < index.Length - 2 ? $"{at}" : "·"))}]";
    }

    private string Symbol => Name switch { "input" => "x", "weight" => "w", "bias" => "b", _ => "dy" };
}
