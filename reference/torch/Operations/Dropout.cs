using Conformance.Oracle;
using static TorchSharp.torch;

namespace Conformance.Torch.Operations;

/// <summary>
/// Dropout with a given mask of zeros and ones: input · mask / (1 − p), of any shape.
/// <para>Torch draws its own mask and accepts none, so the formula is composed of other operations. With p = 1 every element is dropped, and the
/// result is
/// 0, as in torch, and not 0/0.</para>
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
