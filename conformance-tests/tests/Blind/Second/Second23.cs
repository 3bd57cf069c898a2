using System.Runtime.InteropServices;
using Conformance.Oracle;

namespace Conformance.Tests.Blind.Second;

internal sealed class Second23 : SecondEngine
{
    public override string Name => "second-23";

    protected override LayerResult Relu(LayerCase layerCase)
    {
        var tensor = layerCase.Input("input");
        var x = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(tensor.Data), tensor.Length);
        for (var k = 0; k < x.Length; k++)
            if (x[k] < 0)
                x[k] = 0;
        return base.Relu(layerCase);
    }
}
