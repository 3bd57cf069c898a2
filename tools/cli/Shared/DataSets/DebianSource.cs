using System.IO.Compression;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>A Debian package that has each file as <c>name.gz</c> in one directory; installed where it is not.</summary>
internal sealed class DebianSource(string package, string directory, string? launcher, Action<string> say) : IDataSource
{
    public string Name => $"Debian's {package} ({directory})";

    public bool IsInstalled => Directory.Exists(directory);

    public IEnumerable<DataFile> Fetch(IReadOnlyList<DataFile> files, string into, CancellationToken cancel)
    {
        if (!IsInstalled)
            DebianPackage.Install(
                package, launcher, $"the data can't be had elsewhere, and Debian's package {package}, which has it too, is not installed", say);
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            Unpack(Path.Combine(directory, file.Name + ".gz"), file, Path.Combine(into, file.Name));
            yield return file;
        }
    }

    private static void Unpack(string packed, DataFile file, string path)
    {
        if (!File.Exists(packed))
            throw new DataUnavailableException($"{packed}: no such file");
        var bytes = new byte[file.Bytes + 1]; // one more than expected, to notice a file that is longer
        int read;
        try
        {
            using var unpacked = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
            read = unpacked.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DataUnavailableException($"{packed}: {e.Message.ReplaceLineEndings(" ")}");
        }
        using var whole = File.Create(path);
        whole.Write(bytes.AsSpan(0, read));
    }
}
