using Conformance.Engine.Checkpoints;

namespace Conformance.Cli.Shared;

/// <summary>
/// State dicts as other programs leave them: names with what a wrapper put before them, counters left out, numbers of 16 bits. All that does not
/// change what the network computes is made to fit, and said.
/// </summary>
internal static class ForeignState
{
    /// <summary>How wrappers call the network inside: DataParallel and AveragedModel, torch.compile, Lightning and others.</summary>
    private static readonly string[] _wrappers = ["module", "_orig_mod", "model"];

    private const string Counter = ".num_batches_tracked";

    /// <param name="tensors">By the names that the file gives them.</param>
    /// <param name="expected">The names that the network has.</param>
    /// <returns>The tensors, and a line for each thing that was changed. What fits no better than before is as it was.</returns>
    public static (IReadOnlyDictionary<string, SafeTensor> Tensors, IReadOnlyList<string> Notes) Fit(
        IReadOnlyDictionary<string, SafeTensor> tensors, IEnumerable<string> expected)
    {
        var names = expected.ToHashSet();
        var notes = new List<string>();
        var fitted = Unwrapped(tensors, names, notes) ?? new Dictionary<string, SafeTensor>(tensors);
        foreach (string counter in names.Where(name => name.EndsWith(Counter, StringComparison.Ordinal)))
            fitted.TryAdd(counter, new("I64", [], new byte[sizeof(long)])); // evaluation does not read it
        foreach (string type in (string[])["F16", "BF16"])
            if (fitted.Values.Count(tensor => tensor.Dtype == type) is > 0 and var count)
                notes.Add($"{count} of {fitted.Count} tensors have numbers of type {type}; they are widened to float32");
        return (fitted, notes);
    }

    /// <summary>The tensors by shorter names; null where that makes no more of them fit, or two would have one name.</summary>
    private static Dictionary<string, SafeTensor>? Unwrapped(
        IReadOnlyDictionary<string, SafeTensor> tensors, HashSet<string> names, List<string> notes)
    {
        if (tensors.Keys.All(names.Contains))
            return null;
        string[] segments = [.. _wrappers.Where(wrapper => !names.Any(name => name.Split('.').Contains(wrapper)))];
        var unwrapped = new Dictionary<string, SafeTensor>();
        var taken = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            if (name == "n_averaged") // AveragedModel's own counter
                continue;
            string[] parts = name.Split('.');
            string rest = string.Join('.', parts.Where(part => !segments.Contains(part)));
            if (!unwrapped.TryAdd(rest, tensor))
                return null;
            taken.UnionWith(parts.Intersect(segments).Select(part => $"'{part}.'"));
        }
        if (CommonPrefix(unwrapped.Keys, names) is { Length: > 0 } prefix)
        {
            unwrapped = unwrapped.ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
            taken.Add($"'{prefix}'");
        }
        if (unwrapped.Keys.Count(names.Contains) <= tensors.Keys.Count(names.Contains))
            return null;
        if (taken.Count > 0)
            notes.Add($"the tensors' names contain {string.Join(" and ", taken)}, which a wrapper around the network put there; it is taken off");
        return unwrapped;
    }

    /// <summary>What all names begin with before they are the network's, such as <c>net.</c>; null where they are not.</summary>
    private static string? CommonPrefix(IEnumerable<string> given, HashSet<string> names)
    {
        string first = given.FirstOrDefault("");
        string? known = names.Where(name => first.EndsWith("." + name, StringComparison.Ordinal)).MaxBy(name => name.Length);
        string? prefix = known is null ? null : first[..^known.Length];
        return prefix is not null && given.All(name => name.StartsWith(prefix, StringComparison.Ordinal)) ? prefix : null;
    }
}
