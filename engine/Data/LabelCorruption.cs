using Conformance.Engine.Tensors;

namespace Conformance.Engine.Data;

/// <summary>Wrong labels, made on purpose: each label, with a given probability, becomes one of the nine others, each as likely.</summary>
public static class LabelCorruption
{
    /// <param name="share">The probability, 0–1.</param>
    /// <returns>The set with its new labels, and for each whether it was changed.</returns>
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
            int other = random.Below(ImageSet.Classes - 1); // drawn for each, so that a larger share changes these and more
            if (changed[i])
                labels[i] = (byte)(other < labels[i] ? other : other + 1);
        }
        return (data.WithLabels(labels), changed);
    }
}
