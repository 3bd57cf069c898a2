using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// Merges the axes from <c>start_dim</c> to <c>end_dim</c> into one, as <c>torch.nn.Flatten</c>: by default <c>[N, C, H, W]</c> becomes <c>[N,
/// C·H·W]</c>. Nothing is copied. If the axis of images stays, the input may have either layout; if it is merged, the input must be row-major.
/// </summary>
public sealed class Flatten : Layer
{
    private int[] _shape = [];
    private readonly View _view;
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _inputGradient;

    /// <param name="startDim">
    /// The first axis to flatten; a negative value counts from the last axis. The forward pass throws if the input has no such axis.
    /// </param>
    /// <param name="endDim">The last axis to flatten; a negative value counts from the last axis.</param>
    public Flatten(int startDim = 1, int endDim = -1) =>
        (StartDim, EndDim, _view) = (startDim, endDim, new(startDim > 0 ? null : Layout.Nchw)); // a negative axis may be the first

    public override string Operation => "flatten";

    /// <summary>The first axis to flatten; a negative value counts from the last axis.</summary>
    public int StartDim { get; }

    /// <summary>The last axis to flatten; a negative value counts from the last axis.</summary>
    public int EndDim { get; }

    internal override Computation Computation => _view;

    private protected override Tensor Connect(Tensor input)
    {
        int start = Shapes.AxisAt(Operation, "startDim", StartDim, input.Shape), end = Shapes.AxisAt(Operation, "endDim", EndDim, input.Shape);
        if (start > end)
            throw new ArgumentException(
                $"flatten: expected startDim not behind endDim for input {Shapes.Text(input.Shape)}, got {StartDim} and {EndDim}");
        _input = input;
        _view.MergesImages = start == 0 && end > 0;
        int rank = input.Shape.Length - (end - start);
        if (_shape.Length != rank)
            _shape = new int[rank];
        input.Shape[..start].CopyTo(_shape);
        _shape[start] = Shapes.Size(input.Shape[start..(end + 1)]);
        input.Shape[(end + 1)..].CopyTo(_shape.AsSpan(start + 1));
        return input.View(ref _output, _shape);
    }

    private protected override Tensor? ConnectBackward(Tensor outputGradient, bool wanted) =>
        wanted ? outputGradient.View(ref _inputGradient, _input!.Shape) : null;

    /// <summary>Computes nothing. The output is the input's memory with another shape.</summary>
    private sealed class View(Layout? layout) : Computation
    {
        public bool MergesImages { get; set; }

        public override Layout? InputLayout => layout;

        public override bool NeedsWholeBatch => MergesImages;

        public override void Forward(int block)
        {
        }

        public override void Backward(int block)
        {
        }
    }
}
