namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of cross-entropy. <see cref="Operands.Output"/> holds the softmax.</summary>
internal sealed class CrossEntropyOperands : ClassificationOperands
{
    /// <summary>ε</summary>
    public float LabelSmoothing;

    /// <summary>ε/C·w[c]: the part of q[c] that does not depend on the target.</summary>
    public float ShareOf(int c) => LabelSmoothing / Classes * WeightOf(c);

    /// <summary>(1 − ε)·w[y]: the additional part of q for the target's class; 0 for an ignored image.</summary>
    public float TargetShare(int image) => Ignores(image) ? 0 : (1 - LabelSmoothing) * WeightOf(Targets[image]);

    /// <summary>Σ q[c] of an image; 0 if it is ignored.</summary>
    public float AllShares(int image)
    {
        float sum = TargetShare(image);
        for (int c = 0; c < Classes && LabelSmoothing != 0; c++)
            sum += ShareOf(c);
        return sum;
    }
}
