using System.Buffers.Binary;
using System.Text;

namespace Conformance.Engine.Files;

/// <summary>
/// What a file is, told by its first bytes, and what to do with it. Readers say it of a file that is not what they read, so that its user need not
/// decode a number.
/// </summary>
internal static class FileKind
{
    /// <summary>How many bytes of a file are looked at.</summary>
    public const int HeadLength = 512;

    private const string AsPng = "save it as PNG for predict; training takes IDX";
    private const string AsSafetensors = "load it where it was written, and save its state dict with safetensors.torch.save_file";
    private const string AsIdxOrSafetensors = "write images and labels as IDX of unsigned bytes, weights as safetensors";
    private const string Unpack = "unpack it first";

    /// <summary>The kinds that a few bytes at a fixed place tell. The first that fits counts.</summary>
    private static readonly (int At, byte[] Bytes, string Name, string Advice)[] _signatures =
    [
        (0, [0x89, .. "PNG\r\n\x1a\n"u8], "a PNG picture", "predict takes it; training takes IDX"),
        (0, [0x89, .. "PNG"u8], "a PNG picture whose line ends a transfer as text has changed", "copy it again, as binary"),
        (0, [0xff, 0xd8, 0xff], "a JPEG picture", AsPng),
        (0, "GIF8"u8.ToArray(), "a GIF picture", AsPng),
        (8, "WEBP"u8.ToArray(), "a WebP picture", AsPng),
        (4, "ftypheic"u8.ToArray(), "a HEIC picture", AsPng),
        (4, "ftypmif1"u8.ToArray(), "a HEIF picture", AsPng),
        (4, "ftypavif"u8.ToArray(), "an AVIF picture", AsPng),
        (0, "II*\0"u8.ToArray(), "a TIFF picture", AsPng),
        (0, "MM\0*"u8.ToArray(), "a TIFF picture", AsPng),
        (0, "qoif"u8.ToArray(), "a QOI picture", AsPng),
        (0, "8BPS"u8.ToArray(), "a Photoshop picture", AsPng),
        (0, [0, 0, 1, 0], "an icon (.ico)", AsPng),
        (0, "%PDF"u8.ToArray(), "a PDF document", AsPng),
        (0, [0x93, .. "NUMPY"u8], "an array of NumPy (.npy)", AsIdxOrSafetensors),
        (0, [0x89, .. "HDF\r\n"u8], "an HDF5 file, such as Keras's .h5", AsIdxOrSafetensors),
        (0, "MATLAB 5.0"u8.ToArray(), "a MATLAB file (.mat)", AsIdxOrSafetensors),
        (0, "PAR1"u8.ToArray(), "a Parquet table", AsIdxOrSafetensors),
        (0, "GGUF"u8.ToArray(), "a GGUF file of weights", AsSafetensors),
        (4, "TFL3"u8.ToArray(), "a TensorFlow Lite model", AsSafetensors),
        (0, "SQLite format 3\0"u8.ToArray(), "an SQLite database", AsIdxOrSafetensors),
        (0, [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive", Unpack),
        (0, "Rar!"u8.ToArray(), "a RAR archive", Unpack),
        (0, [0xfd, .. "7zXZ\0"u8], "an xz file", Unpack),
        (0, [0x28, 0xb5, 0x2f, 0xfd], "a Zstandard file", Unpack),
        (0, "BZh"u8.ToArray(), "a bzip2 file", Unpack),
        (257, "ustar"u8.ToArray(), "a tar archive", Unpack),
        (0, [0x1f, 0x8b], "a gzip", "unpack it first (gunzip)"),
        (0, "bplist00"u8.ToArray(), "a property list", "give the file that it came with"),
        (0, [0, 5, 0x16, 7], "what macOS keeps beside a file (._NAME)", "give the file itself"),
    ];

    /// <summary>What a message says after "got": <c>a gzip: unpack it first</c>, or the first bytes where the kind is not known.</summary>
    /// <param name="head">The first bytes: all of the file, or at least <see cref="HeadLength"/>.</param>
    public static string Describe(ReadOnlySpan<byte> head) => Find(head) is var (name, advice) ? $"{name}: {advice}" : Beginning(head);

    /// <summary>The kind and what to do; null where it is not known.</summary>
    public static (string Name, string Advice)? Find(ReadOnlySpan<byte> head)
    {
        foreach (var (at, bytes, name, advice) in _signatures)
            if (head.Length > at && head[at..].StartsWith(bytes))
                return (name, advice);
        return Zip(head) ?? Bitmap(head) ?? Pickle(head) ?? Idx(head) ?? Safetensors(head) ?? Onnx(head) ?? Text(head);
    }

    private static (string, string)? Zip(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("PK"u8) || head.Length < 30 || head[2] > 8)
            return null;
        int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]), head.Length - 30);
        string first = Encoding.ASCII.GetString(head.Slice(30, length)); // the name of the first file in it
        return first.EndsWith("data.pkl", StringComparison.Ordinal) ? ("a file of PyTorch (.pt)", AsSafetensors)
            : first.EndsWith(".npy", StringComparison.Ordinal) ? ("arrays of NumPy (.npz)", AsIdxOrSafetensors)
            : first is "metadata.json" or "config.json" or "model.weights.h5" ? ("a model of Keras (.keras)", AsSafetensors)
            : ("a zip archive", Unpack);
    }

    /// <summary>"BM" alone begins many a text; the four reserved bytes of the header are 0.</summary>
    private static (string, string)? Bitmap(ReadOnlySpan<byte> head) =>
        head.StartsWith("BM"u8) && head.Length > 10 && head[6..10].IndexOfAnyExcept((byte)0) < 0 ? ("a BMP picture", AsPng) : null;

    /// <summary>Python's own format, which torch.save wrote before version 1.6: the opcode PROTO and its number.</summary>
    private static (string, string)? Pickle(ReadOnlySpan<byte> head) =>
        head is [0x80, >= 2 and <= 5, ..] ? ("a pickle of Python, such as an old .pt of PyTorch", AsSafetensors) : null;

    private static (string, string)? Idx(ReadOnlySpan<byte> head)
    {
        if (head is not [0, 0, var type, var axes, ..] || axes is 0 or > 8)
            return null;
        string? elements = type switch
        {
            0x08 => "unsigned bytes",
            0x09 => "signed bytes",
            0x0b => "16-bit whole numbers",
            0x0c => "32-bit whole numbers",
            0x0d => "32-bit floats",
            0x0e => "64-bit floats",
            _ => null,
        };
        if (elements is null)
            return null;
        var extents = new List<uint>();
        for (int at = 4; extents.Count < axes && at + 4 <= head.Length; at += 4)
            extents.Add(BinaryPrimitives.ReadUInt32BigEndian(head[at..]));
        string name = $"IDX of {elements} [{string.Join(", ", extents)}]";
        return (type, axes) switch
        {
            (8, 1) => (name, "those are labels"),
            (8, 3) => (name, "those are images"),
            (_, 2) when type != 8 => (name, "QMNIST's labels are such; take the first column, as unsigned bytes with one axis"),
            _ => (name, "write images as unsigned bytes with 3 axes, labels with 1"),
        };
    }

    private static (string, string)? Safetensors(ReadOnlySpan<byte> head) =>
        head.Length > 9 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= 100_000_000
            ? ("a safetensors file", "give it as weights") : null;

    /// <summary>A protocol buffer whose first field is a small number, the version, and whose next one is a field of an ONNX model.</summary>
    private static (string, string)? Onnx(ReadOnlySpan<byte> head) => head is [0x08, > 0 and < 32, 0x12 or 0x1a or 0x22 or 0x2a or 0x3a or 0x42, ..]
        ? ("an ONNX model", "give the weights that it was made from, as safetensors") : null;

    private static (string, string)? Text(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(new byte[] { 0xff, 0xfe }) || head.StartsWith(new byte[] { 0xfe, 0xff }))
            return ("a text in UTF-16", "give the file itself");
        if (head.StartsWith(Encoding.UTF8.Preamble))
            head = head[3..];
        if (head.IsEmpty || head.ContainsAnyInRange((byte)0, (byte)8))
            return null;
        string text = Encoding.Latin1.GetString(head).TrimStart(); // ASCII is all that is looked for
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return ("a Git LFS pointer, which stands for the file", "fetch the file itself (git lfs pull)");
        string[] tags = ["<!doctype html", "<html", "<head", "<body", "<script", "<!--"];
        if (Array.Exists(tags, tag => text.StartsWith(tag, StringComparison.OrdinalIgnoreCase)))
            return ("an HTML page, such as one that a failed download leaves", "download the file itself (of GitHub's pages, the raw one)");
        if (text.StartsWith("<svg", StringComparison.Ordinal))
            return ("an SVG picture", AsPng);
        if (text.StartsWith('<'))
            return ("an XML text, such as an error that a server sent", "download the file again");
        if (text.Length > 2 && text[0] == 'P' && text[1] is >= '1' and <= '7' && char.IsWhiteSpace(text[2]))
            return ("a PNM picture", AsPng);
        if (text.StartsWith('{') || text.StartsWith('['))
            return ("a JSON text", "give the file itself");
        if (!text.All(character => character is >= ' ' and <= '~' or '\r' or '\n' or '\t'))
            return null;
        string line = text.Split('\r', '\n', '\t')[0];
        return ($"a text that begins with '{line[..Math.Min(30, line.Length)]}'", "give the file itself");
    }

    private static string Beginning(ReadOnlySpan<byte> head) =>
        head.IsEmpty ? "an empty file" : $"a file of an unknown kind that begins with {Convert.ToHexString(head[..Math.Min(8, head.Length)])}";
}
