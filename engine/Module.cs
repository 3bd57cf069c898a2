namespace Conformance.Engine;

/// <summary>
/// A layer, or a network of layers. Not safe for use by two threads at once: it keeps what its backward pass needs.
/// </summary>
/// <remarks>
/// Inside, a pass has two phases, and between them lies the seam for threads. First, block by block of sixteen images and each block on its own, the
/// layers run forward and carry the gradient back to their inputs. Then, when all blocks are through, each unit (some rows of some parameter) gets its
/// gradient from one sum over all images in a fixed order. No partial sums are merged, so any number of threads gives the same bits.
/// Everything a pass needs is allocated when the modules are connected; with the same number of images or fewer, nothing is allocated again.
/// </remarks>
public abstract class Module
{
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _outputGradient;

    private protected Module()
    {
    }

    /// <summary>The operation, with PyTorch's functional name; used in messages.</summary>
    public abstract string Operation { get; }

    /// <summary>Everything that is learned, in PyTorch's order.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// Whether <see cref="Forward"/> is that of training (dropout drops, batch norm takes the batch's statistics) or of evaluation. As in PyTorch it begins
    /// as true; a network passes it on to its children.
    /// </summary>
    public virtual bool Training { get; set; } = true;

    /// <summary>State that is not learned, such as running statistics, with PyTorch's names and in its order.</summary>
    public virtual IReadOnlyList<ModuleBuffer> Buffers => [];

    /// <summary>Runs the module on a batch. The input is copied: changing it later changes nothing here.</summary>
    /// <param name="input">The images come first: <c>[N, C, H, W]</c> or <c>[N, F]</c>.</param>
    /// <returns>A new row-major tensor.</returns>
    /// <exception cref="ArgumentException">The input has a shape that the module can't take.</exception>
    public Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _output = null;
        if (input.Shape.Length == 0)
            throw Shapes.Wrong(Operation, "with images as its first axis", input.Shape);
        Tensor.Reuse(ref _input, InputLayout ?? Layout.Nchw, input.Shape);
        var output = Connect(_input!);
        for (int block = 0; block < _input!.Blocks; block++)
        {
            _input.CopyBlock(input, block);
            ForwardBlock(block);
        }
        _output = output;
        return output.Copy();
    }

    /// <summary>
    /// Carries the gradient of a loss back through the last <see cref="Forward"/>, and fills the <see cref="Parameter.Gradient"/> of each parameter.
    /// </summary>
    /// <param name="outputGradient">∂loss/∂output, of the output's shape.</param>
    /// <returns>∂loss/∂input, a new row-major tensor.</returns>
    /// <exception cref="InvalidOperationException">There was no (successful) forward pass.</exception>
    /// <exception cref="ArgumentException">The gradient has not the output's shape.</exception>
    public Tensor Backward(Tensor outputGradient)
    {
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (_output is null)
            throw new InvalidOperationException($"{Operation}: Backward needs a Forward before it");
        Shapes.Check(Operation, "output gradient", _output.Shape, outputGradient.Shape);
        Tensor.Reuse(ref _outputGradient, _output.Layout, _output.Shape);
        var inputGradient = ConnectBackward(_outputGradient!, wanted: true)!;
        for (int block = 0; block < _output.Blocks; block++)
        {
            _outputGradient!.CopyBlock(outputGradient, block);
            BackwardBlock(block);
        }
        for (int unit = 0; unit < Units; unit++)
            ParameterGradient(unit);
        GC.KeepAlive(this); // kernels hold bare pointers into this module's tensors
        return inputGradient.Copy();
    }

    /// <summary>The layout the module wants its input in; null where it takes any.</summary>
    internal abstract Layout? InputLayout { get; }

    /// <summary>Units of the second phase; known once <see cref="ConnectBackward"/> has run.</summary>
    internal abstract int Units { get; }

    /// <summary>Checks the input's shape and readies all for forward passes over this very tensor.</summary>
    /// <returns>The tensor that <see cref="ForwardBlock"/> will fill.</returns>
    internal abstract Tensor Connect(Tensor input);

    /// <summary>Readies all for backward passes from this very tensor.</summary>
    /// <param name="outputGradient">Of the output's shape and layout.</param>
    /// <param name="wanted">Whether anybody will read the input gradient.</param>
    /// <returns>The tensor that <see cref="BackwardBlock"/> will fill; null where none is wanted.</returns>
    internal abstract Tensor? ConnectBackward(Tensor outputGradient, bool wanted);

    internal abstract void ForwardBlock(int block);

    internal abstract void BackwardBlock(int block);

    internal abstract void ParameterGradient(int unit);
}
