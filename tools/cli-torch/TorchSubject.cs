using System.Runtime.InteropServices;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Torch;

namespace Conformance.Cli.Torch;

/// <summary>Torch under the suite, like any engine.</summary>
internal sealed class TorchSubject(bool float32) : ISubject
{
    private readonly TorchOracle _torch = new(float32);

    public string Name => float32 ? _torch.Name : _torch.Name + " float64";

    public string? Options => float32 ? "--engine torch" : "--engine torch --dtype float64";

    public Declaration Declares => float32 ? new() { Note = TorchRuntime.Float32!.Text } : Declaration.Nothing;

    public LayerResult Run(LayerCase layerCase)
    {
        try
        {
            return _torch.Evaluate(layerCase);
        }
        catch (ExternalException refusal) // libtorch's own way to refuse
        {
            throw new InvalidOperationException(refusal.Message, refusal);
        }
    }
}
