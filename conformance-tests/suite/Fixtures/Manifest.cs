using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// <c>fixtures/manifest.json</c>: the SHA-256 of each stored vector by its path in the folder, sorted. <c>sha256sum</c> gives the same hashes.
/// </summary>
public static class Manifest
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>The manifest of the folder's current content.</summary>
    public static string Render(FixtureFolder folder) => JsonSerializer.Serialize(Hashes(folder), Readable) + "\n";

    /// <summary>Every difference between the folder and its manifest, one line each.</summary>
    /// <exception cref="FixtureException">The manifest can't be read.</exception>
    public static IEnumerable<string> Problems(FixtureFolder folder)
    {
        var path = Path.Combine(folder.Root, FileName);
        if (!folder.HasFile(path))
            return [$"{FileName}: missing; {Provenance.Command} writes it"];
        var stated = folder.Read(path, root => root.Members.ToDictionary(item => item.Key, item => item.Value.Text));
        var now = Hashes(folder);
        return
        [
            .. from name in now.Keys where !stated.ContainsKey(name) select $"{name}: not in {FileName}",
            .. from name in stated.Keys.Order(StringComparer.Ordinal) where !now.ContainsKey(
                name) select $"{name}: in {FileName}, but there is no such file",
            .. from pair in now where stated.TryGetValue(pair.Key, out var hash)
                && hash != pair.Value select $"{pair.Key}: SHA-256 {pair.Value}, {FileName} has {stated[pair.Key]}: the file was changed",
        ];
    }

    /// <summary>The SHA-256 of each stored vector, by its path in the folder.</summary>
    internal static SortedDictionary<string, string> Hashes(FixtureFolder folder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in folder.VectorPaths())
            hashes[Path.GetRelativePath(folder.Root, path).Replace('\\', '/')] = Convert.ToHexStringLower(SHA256.HashData(folder.Bytes(path)));
        return hashes;
    }
}
