using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Conformance.Torch.Loading;

/// <summary>A native file of a package, identified by its content.</summary>
internal sealed record PackageFile(string Name, long Bytes, string Sha256);

/// <summary>
/// Checks that native files are those of the package. A truncated file would end the process, and an altered one give wrong numbers. Reading half a
/// gigabyte takes time, so a file that was found correct is noted in the cache by path, length and date, and read again only if one of them changes.
/// </summary>
internal static class PackageFiles
{
    /// <summary>
    /// The files of TorchSharp 0.107.0 and libtorch-cpu-linux-x64 2.10.0, in the order of loading: each file follows those that it needs.
    /// </summary>
    public static IReadOnlyList<PackageFile> Linux { get; } =
    [
        new("libgomp-98b21ff3.so.1", 283_265, "6b254201cafdc5389580d77139398a298f63ce3b139cfbcceade961ac0d721cb"),
        new("libc10.so", 1_455_496, "5a54a1c71c90df5011b20529bba91bcd160871c7cb19f33d9da8e73f9c45fbbc"),
        new("libtorch_cpu.so", 461_211_481, "0f4b3e14ed8468219fefe110605e741afc6bfbec27cc777a224301edb9f24c41"),
        new("libtorch.so", 7_584, "aaa36e9d80c624fc796e0fd591ebe7a59262814f57bc639ec20f6ae91fadb760"),
        new("libLibTorchSharp.so", 2_399_008, "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8"),
    ];

    /// <summary>Describes what is wrong with a file; null if it is the package's file.</summary>
    public static string? Fault(PackageFile file, string path, Cache cache)
    {
        var link = new FileInfo(path);
        var info = link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
        if (info.Length != file.Bytes)
            return string.Create(CultureInfo.InvariantCulture,
                $"{path} is damaged: it has {info.Length:N0} bytes, and {file.Bytes:N0} in the package");
        var (note, seen) = ($"{Hex(Encoding.UTF8.GetBytes(path))[..16]}-{file.Name}.whole",
            Encoding.UTF8.GetBytes($"{path}\n{info.Length}\n{info.LastWriteTimeUtc.Ticks}\n{file.Sha256}\n"));
        if (cache.Holds(note, seen))
            return null;
        using (var content = info.OpenRead())
            if (Convert.ToHexStringLower(SHA256.HashData(content)) != file.Sha256)
                return $"{path} is damaged: its SHA-256 is not that of the package";
        cache.TryKeep(note, seen);
        return null;
    }

    public static string Hex(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
