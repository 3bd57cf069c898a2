using System.Runtime.InteropServices;
using Conformance.Oracle;

namespace Conformance.Tests.Blind.First;

internal sealed class First11 : FirstEngine
{
    public override string Name => "first-11";

    protected override LayerResult Relu(LayerCase layerCase)
    {
        var input = layerCase.Input("input");
        var dx = Cotangent(layerCase);
        var x = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(input.Data), input.Length);
        for (var i = 0; i < x.Length; i++)
            if (x[i] <= 0)
            {
                x[i] = 0;
                dx[i] = 0;
            }
        return Result(new Tensor64(input.Shape, x.ToArray()), Tensor(input.Shape, dx));
    }
}
