using System.IO.Compression;
using System.Text;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Files;

namespace Conformance.Tests.Engine.Files;

/// <summary>A file that is not what was asked for is called by its name, with what to do about it.</summary>
internal sealed class FileKindTests
{
    private static readonly (string Kind, byte[] Head)[] _heads =
    [
        ("an empty file", []),
        ("a PNG picture: predict takes it", [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13]),
        ("a PNG picture whose line ends", [0x89, .. "PNG\n\x1a\n"u8, 0, 0, 0, 13]),
        ("a JPEG picture: save it as PNG", [0xff, 0xd8, 0xff, 0xe0, 0, 16]),
        ("a GIF picture", Ascii("GIF89a")),
        ("a WebP picture", [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8]),
        ("a HEIC picture", [0, 0, 0, 24, .. "ftypheic"u8]),
        ("an AVIF picture", [0, 0, 0, 24, .. "ftypavif"u8]),
        ("a BMP picture", [.. "BM"u8, 1, 2, 3, 0, 0, 0, 0, 0, 54, 0]),
        ("a text that begins with 'BMX is a sport'", Ascii("BMX is a sport\nindeed")),
        ("a TIFF picture", [.. "II*\0"u8, 8, 0, 0, 0]),
        ("a PNM picture", Ascii("P5\n28 28\n255\n")),
        ("an SVG picture", Ascii("<svg xmlns='a'>")),
        ("an icon (.ico)", [0, 0, 1, 0, 1, 0]),
        ("a PDF document", Ascii("%PDF-1.7")),
        ("a gzip: unpack it first (gunzip)", [0x1f, 0x8b, 8, 0]),
        ("a bzip2 file", Ascii("BZh91AY")),
        ("an xz file", [0xfd, .. "7zXZ\0"u8]),
        ("a 7z archive", [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c]),
        ("a Zstandard file", [0x28, 0xb5, 0x2f, 0xfd]),
        ("a tar archive", [.. Ascii("name"), .. new byte[253], .. "ustar"u8]),
        ("a zip archive: unpack it first", Zip("readme.txt")),
        ("a file of PyTorch (.pt): load it where it was written, and save its state dict", Zip("lenet/data.pkl")),
        ("arrays of NumPy (.npz)", Zip("x_train.npy")),
        ("a model of Keras (.keras)", Zip("metadata.json")),
        ("a pickle of Python", [0x80, 2, 0x8a, 10]),
        ("an array of NumPy (.npy)", [0x93, .. "NUMPY"u8, 1, 0]),
        ("an HDF5 file", [0x89, .. "HDF\r\n\x1a\n"u8]),
        ("a MATLAB file (.mat)", Ascii("MATLAB 5.0 MAT-file")),
        ("a Parquet table", Ascii("PAR1")),
        ("a GGUF file of weights", Ascii("GGUF")),
        ("a TensorFlow Lite model", [28, 0, 0, 0, .. "TFL3"u8]),
        ("an ONNX model: give the weights", [8, 8, 0x12, 7, .. "pytorch"u8]),
        ("a safetensors file: give it as weights", new Safetensors(new Dictionary<string, SafeTensor>(), new Dictionary<string, string>()).ToBytes()),
        ("IDX of unsigned bytes [10000]: those are labels", [0, 0, 8, 1, 0, 0, 39, 16, 7]),
        ("IDX of unsigned bytes [2, 28, 28]: those are images", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]),
        ("IDX of 32-bit whole numbers [60000, 8]: QMNIST's labels are such", [0, 0, 12, 2, 0, 0, 234, 96, 0, 0, 0, 8]),
        ("IDX of 32-bit floats [1, 3, 28, 28]: write images as unsigned bytes", [0, 0, 13, 4, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28]),
        ("a Git LFS pointer, which stands for the file: fetch", Ascii("version https://git-lfs.github.com/spec/v1\noid sha256:12\n")),
        ("an HTML page", Ascii("\r\n  <!DOCTYPE html>\n<html lang=en>")),
        ("an HTML page", [0xef, 0xbb, 0xbf, .. "<HTML>"u8]),
        ("an XML text", Ascii("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>")),
        ("a JSON text", Ascii("{\"message\": \"Not Found\"}")),
        ("a text in UTF-16", [0xff, 0xfe, (byte)'a', 0]),
        ("a text that begins with 'label,pixel0,pixel1'", Ascii("label,pixel0,pixel1\n5,0,0\n")),
        ("a text that begins with 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", Ascii(new string('a', 400))),
        ("a file of an unknown kind that begins with 0102", [1, 2]),
        ("a file of an unknown kind that begins with 0000000000000000", new byte[512]),
    ];

    [Test]
    public void EachKindIsNamedWithWhatToDo() => Bulk.Check(
        _heads,
        one => one.Kind,
        one => FileKind.Describe(one.Head) is var said && said.StartsWith(one.Kind, StringComparison.Ordinal) ? null : $"got '{said}'");

    /// <summary>Any beginning of a file has a name, however short it is, and none is longer than a line.</summary>
    [Test]
    public void EveryCutIsDescribed() => Bulk.Check(
        _heads.SelectMany(one => Enumerable.Range(0, one.Head.Length + 1), (one, length) => one.Head[..length]),
        head => Convert.ToHexString(head),
        head => FileKind.Describe(head) is { Length: > 0 and < 200 } ? null : "no line");

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Zip(string name)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry(name).Open().Dispose();
        return content.ToArray();
    }
}
