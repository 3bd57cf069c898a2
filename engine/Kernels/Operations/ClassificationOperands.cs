namespace Conformance.Engine.Kernels.Operations;

/// <summary>What a loss of class numbers and its kernels share. <see cref="Operands.Output"/> is room for the softmax.</summary>
internal class ClassificationOperands : Operands
{
    public int[] Targets = [];
    public float[] Losses = [];

    /// <summary>The factor of each image's gradient: 1/W for the mean, 1 for the sum, 0 where the image is ignored.</summary>
    public float[] LossGradients = [];

    /// <summary>The class whose images are ignored, if any.</summary>
    public int? IgnoreIndex;

    /// <summary>By class; null where each weighs 1.</summary>
    public float[]? Weight;

    public int Classes => Input.Shape[1];

    public bool Ignores(int image) => Targets[image] == IgnoreIndex;

    public float WeightOf(int target) => Weight is null ? 1 : Weight[target];
}
