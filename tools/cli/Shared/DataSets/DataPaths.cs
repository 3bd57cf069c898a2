namespace Conformance.Cli.Shared.DataSets;

/// <summary>Where the four files of a set are: IDX, raw or gzip.</summary>
public sealed record DataPaths(string TrainImages, string TrainLabels, string TestImages, string TestLabels)
{
    /// <summary>The four in the order of the constructor.</summary>
    internal DataPaths(IReadOnlyList<string> paths) : this(paths[0], paths[1], paths[2], paths[3])
    {
    }
}
