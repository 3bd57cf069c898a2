using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// The base class of a user's layer, written image by image on plain row-major spans. A network trains it, and the suite judges it, like any other
/// layer.
/// </summary>
/// <remarks>Several threads process images at the same time, so an override must not keep state besides its parameters.</remarks>
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

    /// <param name="operation">The name of the operation, for messages.</param>
    /// <param name="parameters">The trained parameters, with distinct names.</param>
    protected CustomLayer(string operation, params IReadOnlyList<Parameter> parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        ArgumentNullException.ThrowIfNull(parameters);
        (Operation, Parameters, _images) = (operation, parameters, new(this));
    }

    public sealed override string Operation { get; }

    public sealed override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Returns the shape of the output for one image.</summary>
    /// <param name="imageShape">The shape of one image without the batch axis: <c>[C, H, W]</c> or <c>[F]</c>.</param>
    /// <exception cref="ArgumentException">The override throws it if the layer does not accept the shape.</exception>
    protected abstract int[] OutputShape(ReadOnlySpan<int> imageShape);

    /// <summary>Computes the output of one image. The span holds old values at first.</summary>
    protected abstract void ForwardImage(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Computes ∂loss/∂input of one image. The span holds old values at first.</summary>
    /// <param name="input">The image's input in the forward pass.</param>
    /// <param name="output">The image's output in the forward pass.</param>
    /// <param name="outputGradient">∂loss/∂output.</param>
    protected abstract void BackwardImage(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    /// <summary>
    /// Adds the contribution of one image to the gradient of each parameter. The method is called for all images of a batch in order; the gradients
    /// are zero before the first.
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
