using System.Globalization;
using System.Text;
using Conformance.Engine.Data;

namespace Conformance.Cli.Data;

/// <summary>The features of a set's images, with their labels.</summary>
internal sealed record FeatureSet(IReadOnlyList<ImageFeatures> Features, IReadOnlyList<int> Labels)
{
    public static FeatureSet FromImages(ImageSet set) => new(ImageFeatures.Measure(set), [.. set.Labels.ToArray().Select(label => (int)label)]);

    public int Count => Labels.Count;

    /// <summary>Those of one class, in the order of the set.</summary>
    public ImageFeatures[] WithLabel(int label) => [.. Features.Where((_, i) => Labels[i] == label)];

    /// <summary><c>features.csv</c>: a line for each image, training then test; each number as the shortest text that reads back the same.</summary>
    public static string Csv(FeatureSet train, FeatureSet test)
    {
        var text = new StringBuilder("set,index,label,intensity,symmetry\n");
        foreach (var (name, set) in new[] { ("train", train), ("test", test) })
            for (int i = 0; i < set.Count; i++)
                text.Append(CultureInfo.InvariantCulture, $"{name},{i},{set.Labels[i]},{set.Features[i].Intensity},{set.Features[i].Symmetry}\n");
        return text.ToString();
    }
}
