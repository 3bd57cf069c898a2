namespace Conformance.Suite.Fixtures;

/// <summary>Checks that a file's cases cover the aspects that it declares: operation × pass × aspect.</summary>
public static class Coverage
{
    /// <summary>Aspects whose correct answers have no numbers, or only zeros.</summary>
    private static readonly string[] WithoutNumbers = ["refused", "no-images"];

    /// <summary>
    /// One line for each aspect that no case covers, and for each pass (a tensor that some case of the aspect asks for) that is zero in every case of
    /// the aspect. An engine without that pass would go undetected.
    /// </summary>
    public static IEnumerable<string> Problems(CaseFile file, IReadOnlyDictionary<string, StoredVector> vectors)
    {
        foreach (var aspect in file.Aspects.Keys)
        {
            var cases = file.Cases.Where(entry => entry.Aspects.Contains(aspect)).ToArray();
            if (cases.Length == 0)
                yield return $"{file.Op}: aspect '{aspect}': no case covers it";
            if (WithoutNumbers.Contains(aspect))
                continue;
            var tensors = cases.Where(entry => vectors.ContainsKey(entry.Id)).SelectMany(entry => vectors[entry.Id].Expected.Tensors)
                .ToLookup(pair => pair.Key, pair => pair.Value);
            foreach (var pass in tensors.Where(pass => pass.All(tensor => !tensor.Data.ContainsAnyExcept(0.0))))
                yield return $"{file.Op}: aspect '{aspect}': {pass.Key} is 0 throughout in each of its cases "
                    + $"({string.Join(", ", cases.Select(entry => entry.Id))})";
        }
        foreach (var entry in file.Cases.Where(entry => entry.Aspects.Count == 0))
            yield return $"{entry.Id}: covers no aspect";
    }
}
