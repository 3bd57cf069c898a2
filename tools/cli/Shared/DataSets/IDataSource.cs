namespace Conformance.Cli.Shared.DataSets;

/// <summary>Somewhere files can be had from.</summary>
internal interface IDataSource
{
    /// <summary>What the user is told is tried.</summary>
    string Name { get; }

    /// <summary>Writes each of <paramref name="files"/> under its name into <paramref name="directory"/> and yields it once it is written.</summary>
    /// <exception cref="DataUnavailableException">This source can't give it; the message says why, in one line.</exception>
    IEnumerable<DataFile> Fetch(IReadOnlyList<DataFile> files, string directory, CancellationToken cancel);
}

/// <summary>One source can't give a file. The next one may.</summary>
internal sealed class DataUnavailableException(string message) : Exception(message);
