using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Passes;

/// <summary>
/// The step before each layer. If the layer needs another layout than that of its input, the step copies blocks into it, and gradients back.
/// </summary>
/// <param name="wanted">The layout that the layer needs; null for any.</param>
internal sealed class Relayout(Layout? wanted) : Computation, IPassStep
{
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _outputGradient;
    private Tensor? _inputGradient;

    public string Operation => "relayout";

    public bool Learns => false;

    public Computation Computation => this;

    public object? Holder { get; set; }

    private bool Copies => wanted is not null && wanted != _input!.Layout;

    public Tensor Connect(Tensor input)
    {
        _input = input;
        return Copies ? Tensor.Reuse(ref _output, wanted!.Value, input.Shape) : input;
    }

    public Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        _outputGradient = outputGradient;
        return Copies && wanted ? Tensor.Reuse(ref _inputGradient, _input!.Layout, _input.Shape) : outputGradient;
    }

    public override void Forward(int block)
    {
        if (Copies)
            _output!.CopyBlock(_input!, block);
    }

    public override void Backward(int block)
    {
        if (Copies)
            _inputGradient?.CopyBlock(_outputGradient!, block);
    }
}
