using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Passes;

/// <summary>A step of a pass: a layer, or the copy into another layout before one.</summary>
internal interface IPassStep
{
    /// <summary>PyTorch's functional name; used in messages.</summary>
    string Operation { get; }

    /// <summary>Whether the step has parameters.</summary>
    bool Learns { get; }

    /// <summary>What runs once the step is connected.</summary>
    Computation Computation { get; }

    /// <summary>The chain whose forward pass connected the step last. What the step keeps belongs to that pass.</summary>
    object? Holder { get; set; }

    /// <summary>Checks the input's shape and readies everything for a forward pass over this very tensor.</summary>
    /// <returns>The tensor that a forward pass will fill.</returns>
    /// <exception cref="ArgumentException">The step can't take the shape.</exception>
    Tensor Connect(Tensor input);

    /// <summary>Readies everything for a backward pass from this very tensor.</summary>
    /// <param name="outputGradient">Of the output's shape and layout.</param>
    /// <param name="wanted">Whether anybody will read the input gradient.</param>
    /// <returns>The tensor that a backward pass will fill; null where none is wanted.</returns>
    Tensor? ConnectBackward(Tensor outputGradient, bool wanted);
}
