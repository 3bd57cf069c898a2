using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>
/// A layer, or a network of layers. Not safe for use by two threads at once: it keeps what its backward pass needs.
/// </summary>
public abstract class Module
{
    private Chain? _chain;
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _outputGradient;
    private long _connection; // the one that _output is from

    private protected Module()
    {
    }

    /// <summary>The operation, with PyTorch's functional name; used in messages.</summary>
    public abstract string Operation { get; }

    /// <summary>Everything that is learned, in PyTorch's order.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>State that is not learned, such as running statistics, with PyTorch's names and in its order.</summary>
    public virtual IReadOnlyList<ModuleBuffer> Buffers => [];

    /// <summary>
    /// Whether <see cref="Forward(Tensor)"/> is that of training (dropout drops, batch norm takes the batch's statistics) or of evaluation. As in
    /// PyTorch it begins as true; a network passes it on to its children.
    /// </summary>
    public virtual bool Training { get; set; } = true;

    /// <summary>Runs the module on a batch. The input is copied: changing it later changes nothing here.</summary>
    /// <param name="input">The images come first: <c>[N, C, H, W]</c> or <c>[N, F]</c>.</param>
    /// <returns>A new row-major tensor.</returns>
    /// <exception cref="ArgumentException">The input has a shape that the module can't take.</exception>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Input(input.Shape).CopyFrom(input);
        return RunForward().Copy();
    }

    /// <summary>The same from one span into another: nothing is allocated once the module has seen as many images of this shape.</summary>
    /// <param name="input">The elements, row-major.</param>
    /// <param name="shape">Of the input: <c>[N, C, H, W]</c> or <c>[N, F]</c>.</param>
    /// <param name="output">Takes the output's elements, row-major.</param>
    /// <exception cref="ArgumentException">A span has not as many elements as its shape, or the module can't take the shape.</exception>
    public void Forward(ReadOnlySpan<float> input, ReadOnlySpan<int> shape, Span<float> output)
    {
        Shapes.CheckCount(Operation, Shapes.Size(shape), input.Length, shape);
        Input(shape).CopyFrom(input);
        RunForward().CopyTo(output);
    }

    /// <summary>
    /// Carries the gradient of a loss back through the last <see cref="Forward(Tensor)"/>, and fills the <see cref="Parameter.Gradient"/> of each
    /// parameter.
    /// </summary>
    /// <param name="outputGradient">∂loss/∂output, of the output's shape.</param>
    /// <returns>∂loss/∂input, a new row-major tensor.</returns>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient has not the output's shape.</exception>
    public Tensor Backward(Tensor outputGradient)
    {
        ArgumentNullException.ThrowIfNull(outputGradient);
        Shapes.Check(Operation, "output gradient", Output.Shape, outputGradient.Shape);
        OutputGradient().CopyFrom(outputGradient);
        return RunBackward().Copy();
    }

    /// <summary>The same from one span into another, both row-major; nothing is allocated after the first time.</summary>
    /// <param name="outputGradient">∂loss/∂output.</param>
    /// <param name="inputGradient">Takes ∂loss/∂input.</param>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    /// <exception cref="ArgumentException">A span has not as many elements as the output or the input.</exception>
    public void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        OutputGradient().CopyFrom(outputGradient);
        RunBackward().CopyTo(inputGradient);
    }

    /// <summary>What the module makes of the shape of one image. It runs nothing, and forgets the last forward pass.</summary>
    /// <exception cref="ArgumentException">A layer can't take what it is given.</exception>
    internal int[] OutputShapeOf(ReadOnlySpan<int> image)
    {
        _output = null;
        return Chain.Connect(Tensor.Zeros([0, .. image])).Shape[1..].ToArray();
    }

    /// <summary>The layers that a pass goes through, first to last: a layer itself, or all those of a network.</summary>
    internal abstract IReadOnlyList<IPassStep> Steps { get; }

    /// <summary>The passes through these layers.</summary>
    internal Chain Chain => _chain ??= new(Steps);

    /// <summary>What the last forward pass gave. A trainer's step on the same network, or another connection, ends it.</summary>
    private Tensor Output => _output is not null && _connection == Chain.Connections
        ? _output
        : throw new InvalidOperationException($"{Operation}: Backward needs a Forward before it");

    /// <summary>The input's place, in the layout that the first layer wants.</summary>
    private Tensor Input(ReadOnlySpan<int> shape)
    {
        _output = null;
        if (shape.Length == 0)
            throw Shapes.Wrong(Operation, "with images as its first axis", shape);
        return Tensor.Reuse(ref _input, Chain.InputLayout, shape);
    }

    private Tensor RunForward()
    {
        var output = Chain.Connect(_input!);
        Chain.Forward(Workers.Alone);
        GC.KeepAlive(this); // kernels hold bare pointers into this module's tensors
        _connection = Chain.Connections;
        return _output = output;
    }

    /// <summary>The output gradient's place.</summary>
    private Tensor OutputGradient() => Tensor.Reuse(ref _outputGradient, Output.Layout, Output.Shape);

    private Tensor RunBackward()
    {
        var inputGradient = Chain.ConnectBackward(_outputGradient!, wanted: true)!;
        Chain.Backward(Workers.Alone);
        GC.KeepAlive(this); // as above
        return inputGradient;
    }
}
