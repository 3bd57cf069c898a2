using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Passes;

/// <summary>
/// A sequence of layers, and the passes through them. Every pass of the engine runs here, on any number of threads.
/// </summary>
/// <remarks>
/// Each block of sixteen images goes through the layers independently: a worker processes its block through as many layers as possible. Some layers
/// need all blocks before they can start (batch norm needs the mean of the whole batch). They cut the chain into <b>stretches</b>. A forward pass
/// runs, for each stretch, the units of its first layer and then its blocks. A backward pass runs the stretches in reverse. When all blocks are done,
/// each unit of a parameter's gradient (some of its rows) is one sum over all images. One worker computes each sum, in a fixed order, and no partial
/// sums are merged. So any number of threads gives the same bits. All memory is allocated when the layers are connected. Nothing more is allocated
/// for a batch with at most as many images.
/// </remarks>
internal sealed class Chain
{
    private readonly IPassStep[] _steps; // before each layer, the copy into the layout that it needs
    private readonly Computation[] _computations; // one per step
    private readonly int _lowestLearning;
    private readonly Tensor?[] _outputs;
    private readonly Tensor?[] _outputGradients;
    private readonly int[] _unitsBefore;
    private readonly List<int> _starts = []; // the first step of each stretch
    private Tensor? _input;
    private int _lowest;

    // The parts of a pass, created once so that a pass allocates nothing. Each works on the stretch in _stretch.
    private readonly Action<int> _forwardUnit;
    private readonly Action<int> _forwardBlock;
    private readonly Action<int> _backwardUnit;
    private readonly Action<int> _backwardBlock;
    private readonly Action<int> _parameterGradient;
    private int _stretch;
    private Action<int>? _enter;
    private Action<int>? _leave;
    private bool _turns;

    public Chain(IReadOnlyList<IPassStep> layers)
    {
        _steps = [.. layers.SelectMany(layer => new[] { new Relayout(layer.Computation.InputLayout), layer })];
        _computations = [.. _steps.Select(step => step.Computation)];
        _lowestLearning = Math.Max(0, Array.FindIndex(_steps, step => step.Learns));
        (_outputs, _outputGradients) = (new Tensor?[_steps.Length], new Tensor?[_steps.Length]);
        _unitsBefore = new int[_steps.Length + 1];
        _starts.EnsureCapacity(_steps.Length);
        InputLayout = layers.Select(layer => layer.Computation.InputLayout).FirstOrDefault(layout => layout is not null) ?? Layout.Nchw;
        _forwardUnit = unit => _computations[_starts[_stretch]].ForwardUnit(unit);
        _forwardBlock = ForwardBlock;
        _backwardUnit = unit => _computations[Above!.Value].BackwardUnit(unit);
        _backwardBlock = BackwardBlock;
        _parameterGradient = ParameterGradient;
    }

    /// <summary>The layout of input that need not be copied.</summary>
    public Layout InputLayout { get; }

    /// <summary>The number of connections so far. A backward pass belongs to the last one.</summary>
    public long Connections { get; private set; }

    /// <summary>The first step of the next stretch; null in the last stretch.</summary>
    private int? Above => _stretch + 1 < _starts.Count ? _starts[_stretch + 1] : null;

    /// <summary>The number of blocks of images in this stretch.</summary>
    private int Blocks => _outputs[_starts[_stretch]]!.Blocks;

    /// <summary>Checks all shapes and prepares forward passes that read this tensor itself.</summary>
    /// <returns>The tensor that a forward pass will fill.</returns>
    /// <exception cref="ArgumentException">A layer does not accept the shape.</exception>
    public Tensor Connect(Tensor input)
    {
        _input = input;
        Connections++;
        Array.Clear(_outputGradients); // they belong to the last pass
        _starts.Clear();
        _starts.Add(0);
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i].Holder = this;
            _outputs[i] = input = _steps[i].Connect(input);
            if (_computations[i].NeedsWholeBatch)
                _starts.Add(i);
        }
        return input;
    }

    /// <summary>Prepares backward passes that read this tensor itself.</summary>
    /// <param name="outputGradient">The output's gradient, in the output's shape and layout.</param>
    /// <param name="wanted">Whether the input's gradient is needed.</param>
    /// <returns>The tensor that a backward pass will fill; null if it is not wanted.</returns>
    /// <exception cref="InvalidOperationException">Another chain has connected one of the layers in the meantime.</exception>
    public Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        foreach (var step in _steps)
            if (step.Holder != this)
                throw new InvalidOperationException(
                    $"{step.Operation}: expected a Backward of the network that ran it last, got one of another: it keeps one forward pass");
        // No gradient is needed below the first layer with parameters, unless the input's gradient is wanted.
        _lowest = wanted ? 0 : _lowestLearning;
        Array.Clear(_outputGradients);
        Tensor? gradient = outputGradient;
        for (int i = _steps.Length - 1; i >= _lowest; i--)
        {
            _outputGradients[i] = gradient;
            gradient = _steps[i].ConnectBackward(gradient!, wanted || i > _lowest);
        }
        for (int i = 0; i < _steps.Length; i++)
            _unitsBefore[i + 1] = _unitsBefore[i] + (i < _lowest ? 0 : _computations[i].ParameterUnits);
        return gradient;
    }

    /// <summary>Runs a forward pass.</summary>
    /// <param name="enter">Fills a block of the input just before the pass reads it.</param>
    /// <param name="leave">Reads a block of the output as soon as it is computed.</param>
    /// <param name="turns">
    /// Whether each block then goes back through the last stretch immediately. The backward pass must be connected, and <paramref name="leave"/> must
    /// fill the block's output gradient.
    /// </param>
    public void Forward(Workers workers, Action<int>? enter = null, Action<int>? leave = null, bool turns = false)
    {
        (_enter, _leave, _turns) = (enter, leave, turns);
        foreach (var computation in _computations)
            computation.Begin();
        for (_stretch = 0; _stretch < _starts.Count; _stretch++)
        {
            workers.Run(_computations[_starts[_stretch]].ForwardUnits, _forwardUnit);
            workers.Run(Blocks, _forwardBlock);
        }
    }

    /// <summary>Runs the backward pass, or the rest of it if the forward pass went back through the last stretch.</summary>
    public void Backward(Workers workers)
    {
        for (_stretch = _starts.Count - (_turns ? 2 : 1); _stretch >= 0; _stretch--)
        {
            // The layer above needs the gradients of the whole batch before its blocks are computed.
            workers.Run(Above is int above && above >= _lowest ? _computations[above].BackwardUnits : 0, _backwardUnit);
            workers.Run(Blocks, _backwardBlock);
        }
        workers.Run(_unitsBefore[^1], _parameterGradient);
    }

    /// <summary>A layer's output in the last forward pass; null before the first.</summary>
    public Tensor? OutputOf(IPassStep layer) => _outputs[Array.IndexOf(_steps, layer)];

    /// <summary>The gradient that arrived at a layer's output in the last backward pass; null if none did.</summary>
    public Tensor? OutputGradientOf(IPassStep layer) => _outputGradients[Array.IndexOf(_steps, layer)];

    /// <summary>A layer's input in the last forward pass; null before the first.</summary>
    public Tensor? InputOf(IPassStep layer) => Array.IndexOf(_steps, layer) is var at && at == 0 ? _input : _outputs[at - 1];

    private void ForwardBlock(int block)
    {
        if (_stretch == 0)
            _enter?.Invoke(block);
        int end = Above ?? _steps.Length;
        for (int i = _starts[_stretch]; i < end; i++)
            _computations[i].Forward(block);
        if (end < _steps.Length)
            return;
        _leave?.Invoke(block);
        if (_turns)
            BackwardBlock(block);
    }

    private void BackwardBlock(int block)
    {
        int first = Above ?? _steps.Length - 1;
        int last = Math.Max(_stretch == 0 ? 0 : _starts[_stretch] + 1, _lowest);
        for (int i = first; i >= last; i--)
            _computations[i].Backward(block);
    }

    private void ParameterGradient(int unit)
    {
        int step = 0;
        while (_unitsBefore[step + 1] <= unit)
            step++;
        _computations[step].ParameterGradient(unit - _unitsBefore[step]);
    }
}
