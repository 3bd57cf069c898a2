using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>Puts wrong labels into a set. Each label is replaced, with a given probability, by one of the nine others, chosen uniformly.</summary>
public static class LabelCorruption
{
    /// <param name="share">The probability that a label is replaced, 0–1.</param>
    /// <returns>The set with its new labels, and for each image whether its label was changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    public static (ImageSet Data, bool[] Changed) Apply(ImageSet data, double share, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(share >= 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, $"label corruption: expected a share from 0 to 1, got {share}");
        var random = new SplitMix64(seed);
        var labels = data.Labels.ToArray();
        var changed = new bool[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            changed[i] = random.Uniform() <= share && share > 0;
            int other = random.Below(ImageSet.Classes - 1); // drawn for every label, so that a larger share changes these labels and more
            if (changed[i])
                labels[i] = (byte)(other < labels[i] ? other : other + 1);
        }
        return (data.WithLabels(labels), changed);
    }
}
