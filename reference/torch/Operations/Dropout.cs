using Conformance.Oracle;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// input · mask / (1 − p), of any shape; mask holds zeros and ones.
/// <para>Torch draws its mask itself and gives no way to hand one in, so this is composed. With p = 1 everything is dropped, and the result is 0 as
/// torch's is, not 0/0.</para>
/// </summary>
internal static class Dropout
{
    public static TorchOperation Operation { get; } = TorchOperation.WithOneOutput("dropout", Forward) with { Constants = ["mask"] };

    private static Tensor Forward(TorchInputs inputs, Attributes attributes)
    {
        var p = attributes.Number("p");
        if (p is not (>= 0 and <= 1))
            throw new ArgumentException($"dropout probability has to be between 0 and 1, but got {p}");
        var kept = inputs["input"] * inputs["mask"];
        return p == 1 ? kept * 0.0 : kept / (1 - p);
    }
}
