using Conformance.Engine.Layers;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Networks;

/// <summary>
/// The way through layers that stand one after the other, cut into the parts that threads may share.
/// </summary>
/// <remarks>
/// Blocks of sixteen images go through the layers each on its own, so that a worker takes its block as far as it can. Some layers can't begin
/// before all blocks are there (batch norm needs the mean of the whole batch); they cut the way into <b>stretches</b>. A forward pass is, stretch
/// after stretch: the units of the layer that it begins with, then its blocks. A backward pass goes the other way. When all blocks are back, each
/// unit of a parameter's gradient (some rows of it) is one sum over all images. Every sum has one owner and a fixed order, no partial sums are
/// merged, and so any number of threads gives the same bits.
/// Everything a pass needs is allocated when the layers are connected; with as many images or fewer, nothing is allocated again.
/// </remarks>
internal sealed class Passes
{
    private readonly Layer[] _steps; // before each layer the copy into the layout that it wants
    private readonly int _lowestLearning;
    private readonly Tensor?[] _outputs;
    private readonly Tensor?[] _outputGradients;
    private readonly int[] _unitsBefore;
    private readonly List<int> _starts = []; // the first step of each stretch
    private Tensor? _input;
    private int _lowest;

    public Passes(IReadOnlyList<Layer> layers)
    {
        _steps = [.. layers.SelectMany(layer => new[] { new Relayout(layer.InputLayout), layer })];
        _lowestLearning = Math.Max(0, Array.FindIndex(_steps, step => step.Parameters.Count > 0));
        (_outputs, _outputGradients) = (new Tensor?[_steps.Length], new Tensor?[_steps.Length]);
        _unitsBefore = new int[_steps.Length + 1];
        _starts.EnsureCapacity(_steps.Length);
        InputLayout = layers.Select(layer => layer.InputLayout).FirstOrDefault(layout => layout is not null) ?? Layout.Nchw;
    }

    /// <summary>The layout in which the input need not be copied.</summary>
    public Layout InputLayout { get; }

    /// <summary>How many times it has been connected: a backward pass belongs to the last one.</summary>
    public long Connections { get; private set; }

    /// <summary>Known once the passes are connected.</summary>
    public int Stretches => _starts.Count;

    /// <summary>Units of the parameters' gradients; known once the backward pass is connected.</summary>
    public int Units => _unitsBefore[^1];

    /// <summary>Checks all shapes and readies everything for forward passes over this very tensor.</summary>
    /// <returns>The tensor that a forward pass will fill.</returns>
    /// <exception cref="ArgumentException">A layer can't take the shape.</exception>
    public Tensor Connect(Tensor input)
    {
        _input = input;
        Connections++;
        Array.Clear(_outputGradients); // they belong to the pass before
        _starts.Clear();
        _starts.Add(0);
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i].Holder = this;
            _outputs[i] = input = _steps[i].Connect(input);
            if (_steps[i].NeedsWholeBatch)
                _starts.Add(i);
        }
        return input;
    }

    /// <summary>Readies everything for backward passes from this very tensor.</summary>
    /// <param name="outputGradient">Of the output's shape and layout.</param>
    /// <param name="wanted">Whether anybody will read the input's gradient.</param>
    /// <returns>The tensor that a backward pass will fill; null where none is wanted.</returns>
    public Tensor? ConnectBackward(Tensor outputGradient, bool wanted)
    {
        foreach (var step in _steps)
            if (step.Holder != this)
                throw new InvalidOperationException($"{step.Operation}: expected a Backward of the network that ran it last, got one of another: it keeps one forward pass");
        // Below the first layer that learns nobody reads a gradient, unless that of the input is wanted.
        _lowest = wanted ? 0 : _lowestLearning;
        Array.Clear(_outputGradients);
        Tensor? gradient = outputGradient;
        for (int i = _steps.Length - 1; i >= _lowest; i--)
        {
            _outputGradients[i] = gradient;
            gradient = _steps[i].ConnectBackward(gradient!, wanted || i > _lowest);
        }
        for (int i = 0; i < _steps.Length; i++)
            _unitsBefore[i + 1] = _unitsBefore[i] + (i < _lowest ? 0 : _steps[i].Units);
        return gradient;
    }

    /// <summary>A whole forward pass on this thread.</summary>
    public void Forward()
    {
        for (int stretch = 0; stretch < Stretches; stretch++)
        {
            for (int unit = 0; unit < ForwardUnits(stretch); unit++)
                ForwardUnit(stretch, unit);
            for (int block = 0; block < Blocks(stretch); block++)
                ForwardBlock(stretch, block);
        }
    }

    /// <summary>A whole backward pass on this thread.</summary>
    public void Backward()
    {
        for (int stretch = Stretches - 1; stretch >= 0; stretch--)
        {
            for (int unit = 0; unit < BackwardUnits(stretch); unit++)
                BackwardUnit(stretch, unit);
            for (int block = 0; block < Blocks(stretch); block++)
                BackwardBlock(stretch, block);
        }
        for (int unit = 0; unit < Units; unit++)
            ParameterGradient(unit);
    }

    /// <summary>Blocks of images that go through a stretch.</summary>
    public int Blocks(int stretch) => _outputs[_starts[stretch]]!.Blocks;

    /// <summary>Units that must run, in any order, before the blocks of a stretch go forward.</summary>
    public int ForwardUnits(int stretch) => _steps[_starts[stretch]].ForwardUnits;

    public void ForwardUnit(int stretch, int unit) => _steps[_starts[stretch]].ForwardUnit(unit);

    public void ForwardBlock(int stretch, int block)
    {
        int end = stretch + 1 < Stretches ? _starts[stretch + 1] : _steps.Length;
        for (int i = _starts[stretch]; i < end; i++)
            _steps[i].ForwardBlock(block);
    }

    /// <summary>Units that must run, in any order, before the blocks of a stretch come back: those of the layer that begins the stretch above.</summary>
    public int BackwardUnits(int stretch) => Above(stretch) is int above && above >= _lowest ? _steps[above].BackwardUnits : 0;

    public void BackwardUnit(int stretch, int unit) => _steps[Above(stretch)!.Value].BackwardUnit(unit);

    public void BackwardBlock(int stretch, int block)
    {
        int first = Above(stretch) ?? _steps.Length - 1;
        int last = Math.Max(stretch == 0 ? 0 : _starts[stretch] + 1, _lowest);
        for (int i = first; i >= last; i--)
            _steps[i].BackwardBlock(block);
    }

    public void ParameterGradient(int unit)
    {
        int step = 0;
        while (_unitsBefore[step + 1] <= unit)
            step++;
        _steps[step].ParameterGradient(unit - _unitsBefore[step]);
    }

    /// <summary>What a layer answered in the last forward pass; null before one.</summary>
    public Tensor? OutputOf(Layer layer) => _outputs[Array.IndexOf(_steps, layer)];

    /// <summary>The gradient that arrived at a layer's output in the last backward pass; null where none did.</summary>
    public Tensor? OutputGradientOf(Layer layer) => _outputGradients[Array.IndexOf(_steps, layer)];

    /// <summary>What a layer was given in the last forward pass; null before one.</summary>
    public Tensor? InputOf(Layer layer) => Array.IndexOf(_steps, layer) is var at && at == 0 ? _input : _outputs[at - 1];

    private int? Above(int stretch) => stretch + 1 < Stretches ? _starts[stretch + 1] : null;
}
