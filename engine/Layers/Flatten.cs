using Conformance.Engine.Kernels;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// Makes one axis of those from <c>start_dim</c> to <c>end_dim</c>, as <c>torch.nn.Flatten</c>: by default <c>[N, C, H, W]</c> becomes <c>[N, C·H·W]</c>. The memory stays where it is: in
/// either layout where the images stay an axis of their own, row-major where the first axis goes into another.
/// </summary>
public sealed class Flatten : Layer
{
    private int[] _shape = [];
    private bool _mergesImages;
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _inputGradient;

    /// <param name="startDim">The first axis to flatten; a negative one counts from the last. Whether the input has it shows in the forward pass.</param>
    /// <param name="endDim">The last axis to flatten, likewise.</param>
    public Flatten(int startDim = 1, int endDim = -1) => (StartDim, EndDim) = (startDim, endDim);

    public override string Operation => "flatten";

    /// <summary>The first axis that is flattened; a negative one counts from the last.</summary>
    public int StartDim { get; }

    /// <summary>The last, likewise.</summary>
    public int EndDim { get; }

    /// <summary>What a negative axis will be is not known yet; it may be the first.</summary>
    internal override Layout? InputLayout => StartDim > 0 ? null : Layout.Nchw;

    internal override bool NeedsWholeBatch => _mergesImages;

    internal override Tensor Connect(Tensor input)
    {
        int start = Shapes.Axis(Operation, "startDim", StartDim, input.Shape), end = Shapes.Axis(Operation, "endDim", EndDim, input.Shape);
        if (start > end)
            throw new ArgumentException($"flatten: expected startDim not behind endDim for input {Shapes.Text(input.Shape)}, got {StartDim} and {EndDim}");
        _input = input;
        _mergesImages = start == 0 && end > 0;
        int rank = input.Shape.Length - (end - start);
        if (_shape.Length != rank)
            _shape = new int[rank];
        input.Shape[..start].CopyTo(_shape);
        _shape[start] = Shapes.Size(input.Shape[start..(end + 1)]);
        input.Shape[(end + 1)..].CopyTo(_shape.AsSpan(start + 1));
        return input.View(ref _output, _shape);
    }

    internal override Tensor? ConnectBackward(Tensor outputGradient, bool wanted) =>
        wanted ? outputGradient.View(ref _inputGradient, _input!.Shape) : null;

    internal override void ForwardBlock(int block)
    {
    }

    internal override void BackwardBlock(int block)
    {
    }
}
