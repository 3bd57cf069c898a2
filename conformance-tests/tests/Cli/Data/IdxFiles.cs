using System.Buffers.Binary;

namespace Conformance.Tests.Cli.Data;

/// <summary>Writes small data sets under MNIST's names.</summary>
internal static class IdxFiles
{
    /// <summary>Images of 28×28 with the given pixels (all 0 if null) and labels 0 … 9 in turn.</summary>
    public static void WriteSet(string directory, int trainImages, int testImages, Func<byte>? pixel = null)
    {
        foreach (var (prefix, count) in new[] { ("train", trainImages), ("t10k", testImages) })
        {
            var pixels = new byte[count * 28 * 28];
            for (var i = 0; pixel is not null && i < pixels.Length; i++)
                pixels[i] = pixel();
            Write(Path.Combine(directory, prefix + "-images-idx3-ubyte"), [count, 28, 28], pixels);
            Write(Path.Combine(directory, prefix + "-labels-idx1-ubyte"), [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);
        }
    }

    /// <summary>The same with pixels that differ from each to the next, so that no image is blank and few are alike.</summary>
    public static void WriteVariedSet(string directory, int trainImages, int testImages)
    {
        byte next = 0;
        WriteSet(directory, trainImages, testImages, () => next += 41);
    }

    public static void Write(string path, int[] shape, byte[] elements)
    {
        var header = new byte[4 + (4 * shape.Length)];
        (header[2], header[3]) = (8, (byte)shape.Length);
        for (var axis = 0; axis < shape.Length; axis++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * axis)), shape[axis]);
        File.WriteAllBytes(path, [.. header, .. elements]);
    }
}
