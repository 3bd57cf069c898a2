using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// A layer of one's own, written image by image on plain row-major spans. It stands in a network, trains and is judged like any other.
/// </summary>
/// <remarks>Images are worked on by several threads at once: an override keeps no state besides its parameters.</remarks>
public abstract class CustomLayer : Layer
{
    private readonly ImageByImage _images;
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _outputGradient;
    private Tensor? _inputGradient;
    private Tensor? _wantedGradient;
    private int[] _outputShape = [];
    private int[] _imageShape = [];

    /// <param name="operation">Its name, used in messages.</param>
    /// <param name="parameters">What it learns; each has a name of its own.</param>
    protected CustomLayer(string operation, params IReadOnlyList<Parameter> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        ArgumentNullException.ThrowIfNull(parameters);
        (Operation, Parameters, _images) = (operation, parameters, new(this));
    }

    public sealed override string Operation { get; }

    public sealed override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The shape that the layer makes of one image.</summary>
    /// <param name="imageShape">Without the axis of images: <c>[C, H, W]</c> or <c>[F]</c>.</param>
    /// <exception cref="ArgumentException">To be thrown where the layer can't take it.</exception>
    protected abstract int[] OutputShape(ReadOnlySpan<int> imageShape);

    /// <summary>Fills the output of one image. At first it holds that of another image.</summary>
    protected abstract void ForwardImage(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Fills ∂loss/∂input of one image. At first it holds that of another image.</summary>
    /// <param name="input">As it was in the forward pass.</param>
    /// <param name="output">What the forward pass made of it.</param>
    /// <param name="outputGradient">∂loss/∂output.</param>
    protected abstract void BackwardImage(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    /// <summary>
    /// Adds one image's part to the gradient of each parameter. All images of a batch come one after the other, in their order; the gradients are
    /// cleared before the first.
    /// </summary>
    protected virtual void AddParameterGradients(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient) =>
        throw new NotSupportedException($"{Operation}: a layer with parameters overrides {nameof(AddParameterGradients)}");

    internal sealed override Computation Computation => _images;

    private protected sealed override Tensor Connect(Tensor input)
    {
        _input = input;
        if (_output is null || !_imageShape.AsSpan().SequenceEqual(input.Shape[1..]))
        {
            _imageShape = input.Shape[1..].ToArray();
            _outputShape = [0, .. OutputShape(_imageShape)];
        }
        _outputShape[0] = input.Images;
        return Tensor.Reuse(ref _output, Layout.Nchw, _outputShape);
    }

    private protected sealed override Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        _outputGradient = outputGradient;
        return _wantedGradient = wanted ? Tensor.Reuse(ref _inputGradient, Layout.Nchw, _input!.Shape) : null;
    }

    private sealed class ImageByImage(CustomLayer layer) : Computation
    {
        public override Layout? InputLayout => Layout.Nchw;

        public override int ParameterUnits => layer.Parameters.Count > 0 ? 1 : 0;

        public override void Forward(int block)
        {
            for (int n = 0; n < layer._input!.ImagesIn(block); n++)
                layer.ForwardImage(layer._input.Image(block, n), layer._output!.Image(block, n));
        }

        public override void Backward(int block)
        {
            if (layer._wantedGradient is not { } wanted)
                return;
            for (int n = 0; n < layer._input!.ImagesIn(block); n++)
                layer.BackwardImage(
                    layer._input.Image(block, n), layer._output!.Image(block, n), layer._outputGradient!.Image(block, n), wanted.Image(block, n));
        }

        public override void ParameterGradient(int unit)
        {
            foreach (var parameter in layer.Parameters)
                parameter.Gradient.Span.Clear();
            for (int block = 0; block < layer._input!.Blocks; block++)
                for (int n = 0; n < layer._input.ImagesIn(block); n++)
                    layer.AddParameterGradients(layer._input.Image(block, n), layer._outputGradient!.Image(block, n));
        }
    }
}
