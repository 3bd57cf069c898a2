namespace Conformance.Engine.Kernels.Operations;

/// <summary>The operands of a classification loss. <see cref="Operands.Output"/> is memory for the softmax.</summary>
internal class ClassificationOperands : Operands
{
    public int[] Targets = [];
    public float[] Losses = [];

    /// <summary>The factor of each image's gradient: 1/W for the mean, 1 for the sum, 0 for an ignored image.</summary>
    public float[] LossGradients = [];

    /// <summary>The class whose images are ignored, or null.</summary>
    public int? IgnoreIndex;

    /// <summary>The weight of each class; null if all are 1.</summary>
    public float[]? Weight;

    public int Classes => Input.Shape[1];

    public bool Ignores(int image) => Targets[image] == IgnoreIndex;

    public float WeightOf(int target) => Weight is null ? 1 : Weight[target];
}
