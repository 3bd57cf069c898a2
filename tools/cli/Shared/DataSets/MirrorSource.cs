using System.IO.Compression;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>A web directory that has each file as <c>name.gz</c>.</summary>
internal sealed class MirrorSource(Uri directory) : IDataSource
{
    /// <summary>Short, since a machine without a network has other sources to try. A slow download may take as long as it moves.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5), StallTimeout = TimeSpan.FromSeconds(20);

    public string Name => directory.Host;

    public IEnumerable<DataFile> Fetch(IReadOnlyList<DataFile> files, string into, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout };
        using var client = new HttpClient(handler) { Timeout = StallTimeout };
        foreach (var file in files)
        {
            // In memory first: an error while it comes is the mirror's, an error while it is written is the disk's.
            var bytes = Download(client, file, cancel).GetAwaiter().GetResult();
            File.WriteAllBytes(Path.Combine(into, file.Name), bytes.Span);
            yield return file;
        }
    }

    private async Task<ReadOnlyMemory<byte>> Download(HttpClient client, DataFile file, CancellationToken cancel)
    {
        var address = new Uri(directory, file.Name + ".gz");
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
            response.EnsureSuccessStatusCode();
            using var body = await response.Content.ReadAsStreamAsync(cancel);
            using var unpacked = new GZipStream(body, CompressionMode.Decompress);
            var bytes = new byte[file.Bytes + 1]; // one more than expected, to notice a file that is longer
            for (var total = 0; ;)
            {
                stalled.CancelAfter(StallTimeout);
                var read = await unpacked.ReadAsync(bytes.AsMemory(total), stalled.Token);
                total += read;
                if (read == 0 || total > file.Bytes)
                    return bytes.AsMemory(0, total);
            }
        }
        catch (Exception e) when (!cancel.IsCancellationRequested
            && e is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            var why = e is OperationCanceledException ? $"no answer for {StallTimeout.TotalSeconds} s" : e.Message.ReplaceLineEndings(" ");
            throw new DataUnavailableException($"{address}: {why}");
        }
    }
}
