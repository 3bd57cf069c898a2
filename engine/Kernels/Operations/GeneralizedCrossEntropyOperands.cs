namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of generalized cross-entropy. <see cref="Operands.Output"/> holds the softmax.</summary>
internal sealed class GeneralizedCrossEntropyOperands : ClassificationOperands
{
    public float Q;

    /// <summary>p[target]^q of each image.</summary>
    public float[] Powers = [];
}
