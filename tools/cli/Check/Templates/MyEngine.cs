using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;

ProtocolServer.Run(new MyEngine());

/// <summary>My engine under the conformance suite.</summary>
internal sealed class MyEngine : ISubject
{
    public string Name => "my-engine";

    /// <summary>Answers a case: its outputs, and the gradient of each floating-point input.</summary>
    public LayerResult Run(LayerCase layerCase) => layerCase.Op switch
    {
        "relu" => Relu(layerCase.Input("input"), layerCase.Cotangents["output"]),
        _ => throw new NotSupportedException("no such operation here"),
    };

    private static LayerResult Relu(Tensor64 x, Tensor64 dy) => throw new NotSupportedException("not written yet");
    // Shape and Data are row-major. For instance:
    // new(new Dictionary<string, Tensor64> { ["output"] = new(x.Shape, y) }, new Dictionary<string, Tensor64> { ["input"] = new(x.Shape, dx) });
    // Geometry that makes no sense: throw new ArgumentException("why").
}
