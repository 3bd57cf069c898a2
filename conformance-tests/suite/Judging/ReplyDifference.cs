using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>The first difference between two replies of one engine to one question.</summary>
/// <param name="Tensor">The tensor's name: <c>outputs.output</c>.</param>
/// <param name="First">The tensor in the first reply.</param>
/// <param name="Second">The tensor in the second reply; null if it is missing.</param>
/// <param name="Element">The flat position of the first element that differs; null if the shapes differ.</param>
public sealed record ReplyDifference(string Tensor, Tensor64 First, Tensor64? Second, int? Element)
{
    /// <summary>What was asked before the second reply.</summary>
    public Occasion After { get; init; }

    /// <summary>Whether the second element is twice the first, which is a finite number other than 0.</summary>
    public bool IsDoubled => Element is { } at && First[at] != 0 && double.IsFinite(First[at]) && Second![at] == 2 * First[at];

    /// <summary>The first difference in any bit except the sign of zero; null if there is none.</summary>
    public static ReplyDifference? Find(LayerResult first, LayerResult second)
    {
        var answers = second.Tensors.ToDictionary();
        foreach (var (name, before) in first.Tensors)
        {
            if (!answers.TryGetValue(name, out var after) || !after.HasShape(before.Shape))
                return new(name, before, after, null);
            for (var i = 0; i < before.Length; i++)
                if (before[i] != after[i] && !before[i].Equals(after[i]))
                    return new(name, before, after, i);
        }
        return null;
    }

    /// <summary>The difference between what may be no replies: there is one too where only one of them is there.</summary>
    internal static ReplyDifference? Between(LayerResult? first, LayerResult? second) => (first, second) switch
    {
        ({ } one, { } two) => Find(one, two) ?? Find(two, one),
        (null, null) => null,
        var (one, two) => (one ?? two)!.Tensors.Select(pair => new ReplyDifference(pair.Key, pair.Value, null, null)).FirstOrDefault(),
    };

    /// <summary>One line: <c>outputs.output at [0,1]: 2 becomes 4</c>.</summary>
    public override string ToString() => Element is { } at
        ? $"{Tensor} at {Tensor64.Text(First.IndexOf(at))}: {First[at]:G9} becomes {Second![at]:G9}"
        : $"{Tensor} {First} becomes {(Second is null ? "missing" : Second.ToString())}";
}
