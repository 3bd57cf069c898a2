using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A module that is one operation. The members that are not public are its place in a pass; see <see cref="Networks.Passes"/>.</summary>
public abstract class Layer : Module
{
    private protected Layer()
    {
    }

    public override IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Products that one image's forward pass sums; known once it is connected.</summary>
    internal virtual long MultiplyAdds => 0;

    /// <summary>Whose forward pass connected the layer last: what it keeps belongs to that pass.</summary>
    internal Passes? Holder { get; set; }

    internal sealed override IReadOnlyList<Layer> Layers => [this];

    /// <summary>The layout the layer wants its input in; null where it takes any.</summary>
    internal abstract Layout? InputLayout { get; }

    /// <summary>Checks the input's shape and readies all for a forward pass over this very tensor.</summary>
    /// <returns>The tensor that <see cref="ForwardBlock"/> will fill.</returns>
    internal abstract Tensor Connect(Tensor input);

    /// <summary>Readies all for a backward pass from this very tensor.</summary>
    /// <param name="outputGradient">Of the output's shape and layout.</param>
    /// <param name="wanted">Whether anybody will read the input gradient.</param>
    /// <returns>The tensor that <see cref="BackwardBlock"/> will fill; null where none is wanted.</returns>
    internal abstract Tensor? ConnectBackward(Tensor outputGradient, bool wanted);

    /// <summary>Whether every block of the input must be there before anything of this layer runs; known once it is connected.</summary>
    internal virtual bool NeedsWholeBatch => false;

    /// <summary>Where the whole batch is needed: units that run, in any order, before <see cref="ForwardBlock"/>.</summary>
    internal virtual int ForwardUnits => 0;

    internal virtual void ForwardUnit(int unit) => throw new NotSupportedException($"{Operation} has no units in its forward pass");

    internal abstract void ForwardBlock(int block);

    /// <summary>Where the whole batch is needed: units that run, in any order, before <see cref="BackwardBlock"/>.</summary>
    internal virtual int BackwardUnits => 0;

    internal virtual void BackwardUnit(int unit) => throw new NotSupportedException($"{Operation} has no units in its backward pass");

    internal abstract void BackwardBlock(int block);

    /// <summary>Units of the parameters' gradients, which run when all blocks are back; known once <see cref="ConnectBackward"/> has run.</summary>
    internal virtual int Units => 0;

    internal virtual void ParameterGradient(int unit) => throw new NotSupportedException($"{Operation} has no parameters");
}
