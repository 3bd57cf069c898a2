using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>Stands before each child of a network: where the child wants another layout than it is given, blocks are copied into that, and gradients back.</summary>
/// <param name="wanted">Null where the child takes any.</param>
internal sealed class Relayout(Layout? wanted) : Layer
{
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _outputGradient;
    private Tensor? _inputGradient;

    public override string Operation => "relayout";

    internal override Layout? InputLayout => null;

    private bool Copies => wanted is not null && wanted != _input!.Layout;

    internal override Tensor Connect(Tensor input)
    {
        _input = input;
        return Copies ? Tensor.Reuse(ref _output, wanted!.Value, input.Shape) : input;
    }

    internal override Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        _outputGradient = outputGradient;
        return Copies && wanted ? Tensor.Reuse(ref _inputGradient, _input!.Layout, _input.Shape) : outputGradient;
    }

    internal override void ForwardBlock(int block)
    {
        if (Copies)
            _output!.CopyBlock(_input!, block);
    }

    internal override void BackwardBlock(int block)
    {
        if (Copies)
            _inputGradient?.CopyBlock(_outputGradient!, block);
    }
}
