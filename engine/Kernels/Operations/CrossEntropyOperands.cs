namespace Conformance.Engine.Kernels.Operations;

/// <summary>What cross-entropy and its kernels share. <see cref="Operands.Output"/> holds the softmax.</summary>
internal sealed class CrossEntropyOperands : ClassificationOperands
{
    /// <summary>ε</summary>
    public float LabelSmoothing;

    /// <summary>ε/C·w[c]: the share of the loss that a class has, whatever the target.</summary>
    public float ShareOf(int c) => LabelSmoothing / Classes * WeightOf(c);

    /// <summary>(1 − ε)·w[y]: what the target's class has beside that; 0 where the image is ignored.</summary>
    public float TargetShare(int image) => Ignores(image) ? 0 : (1 - LabelSmoothing) * WeightOf(Targets[image]);

    /// <summary>Σ q[c]: all shares of an image that counts.</summary>
    public float AllShares(int image)
    {
        float sum = TargetShare(image);
        for (int c = 0; c < Classes && LabelSmoothing != 0; c++)
            sum += ShareOf(c);
        return sum;
    }
}
