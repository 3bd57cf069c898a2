using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Passes;

/// <summary>A step of a pass: a layer, or the copy into another layout before a layer.</summary>
internal interface IPassStep
{
    /// <summary>PyTorch's functional name; used in messages.</summary>
    string Operation { get; }

    /// <summary>Whether the step has parameters.</summary>
    bool Learns { get; }

    /// <summary>The computation of the connected step.</summary>
    Computation Computation { get; }

    /// <summary>The chain whose forward pass last connected the step. The step's stored values belong to that pass.</summary>
    object? Holder { get; set; }

    /// <summary>Checks the input's shape and prepares a forward pass that reads this tensor itself.</summary>
    /// <returns>The tensor that a forward pass will fill.</returns>
    /// <exception cref="ArgumentException">The step does not accept the shape.</exception>
    Tensor Connect(Tensor input);

    /// <summary>Prepares a backward pass that reads this tensor itself.</summary>
    /// <param name="outputGradient">The output's gradient, in the output's shape and layout.</param>
    /// <param name="wanted">Whether the input gradient is needed.</param>
    /// <returns>The tensor that a backward pass will fill; null if it is not wanted.</returns>
    Tensor? ConnectBackward(Tensor outputGradient, bool wanted);
}
