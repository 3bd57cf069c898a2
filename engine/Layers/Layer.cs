using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Passes;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Layers;

/// <summary>A module that computes one operation.</summary>
public abstract class Layer : Module, IPassStep
{
    private protected Layer()
    {
    }

    public override IReadOnlyList<Parameter> Parameters => [];

    internal sealed override IReadOnlyList<IPassStep> Steps => [this];

    /// <summary>The number of products that the forward pass of one image sums. Known once the layer is connected.</summary>
    internal virtual long MultiplyAdds => 0;

    /// <inheritdoc cref="IPassStep.Computation"/>
    internal abstract Computation Computation { get; }

    Computation IPassStep.Computation => Computation;

    bool IPassStep.Learns => Parameters.Count > 0;

    object? IPassStep.Holder { get; set; }

    Tensor IPassStep.Connect(Tensor input) => Connect(input);

    Tensor? IPassStep.ConnectBackward(Tensor outputGradient, bool wanted) => ConnectBackward(outputGradient, wanted);

    /// <inheritdoc cref="IPassStep.Connect"/>
    private protected abstract Tensor Connect(Tensor input);

    /// <inheritdoc cref="IPassStep.ConnectBackward"/>
    private protected abstract Tensor? ConnectBackward(Tensor outputGradient, bool wanted);
}
