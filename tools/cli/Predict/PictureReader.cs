using Conformance.Cli.Shared;
using Conformance.Engine.Data;
using Conformance.Engine.Files;

namespace Conformance.Cli.Predict;

/// <summary>
/// Reads pictures as people have them, makes them light on dark, and says what is odd about them. The first bytes of a file tell what it is; its
/// name does not count.
/// </summary>
/// <param name="input">Opens standard input.</param>
/// <param name="invert">They are dark on light.</param>
/// <param name="center">Their figures are centred later, so where these lie does not matter.</param>
internal sealed class PictureReader(Func<Stream> input, bool invert, bool center)
{
    /// <summary>The grey of what is transparent.</summary>
    private byte Ground => invert ? byte.MaxValue : byte.MinValue;

    /// <param name="file">A path, or - for standard input.</param>
    /// <param name="origin">Named in messages.</param>
    /// <returns>The images, their labels all 0, and a line for each thing that is odd, found when asked for.</returns>
    /// <exception cref="UserError">There is no such file, or it is none of images.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public (ImageSet Images, IEnumerable<string> Notes) Read(string file, string origin)
    {
        if (file != "-" && !File.Exists(file))
            throw new UserError($"{file}: expected a PNG or an IDX file, but there is {(Directory.Exists(file) ? "a directory" : "none")}");
        using var stream = file == "-" ? input() : File.OpenRead(file);
        byte[] head = BoundedReader.ReadHead(stream);
        if (head.AsSpan().StartsWith(PngChunks.Signature))
            return OfPng(BoundedReader.ReadToEnd(stream, BoundedReader.MostPicture, origin, head), origin);
        if (head is not ([0x1f, 0x8b, ..] or [0, 0, 8, 3, ..]))
            throw new UserError($"{origin}: expected a PNG or an IDX file of images, got {FileKind.Describe(head)}");
        if (stream.CanSeek)
            stream.Position = 0;
        using Stream? copy = stream.CanSeek ? null : new MemoryStream(BoundedReader.ReadToEnd(stream, BoundedReader.MostData, origin, head));
        var (pixels, count, height, width) = Idx.ReadImages(copy ?? stream, origin);
        var images = Lit(pixels, count, height, width);
        return (images, PictureNotes.Find(images, invert, places: false));
    }

    private (ImageSet Images, IEnumerable<string> Notes) OfPng(byte[] content, string origin)
    {
        var picture = Png.Read(content, origin, Ground);
        var images = Lit(picture.Grey, 1, picture.Height, picture.Width);
        var notes = PictureNotes.Find(images, invert, places: !center).ToList();
        if (picture.Note is { } note)
            notes.Insert(0, note);
        if (IsBlank(picture) && !IsBlank(Png.Read(content, origin, (byte)~Ground)))
            notes.Add(invert
                ? "the figure is seen on black: leave --invert out, which lays what is transparent on white"
                : "the figure is seen on white: give --invert, which lays what is transparent on white");
        return (images, notes);
    }

    private static bool IsBlank(GreyPicture picture) => !picture.Grey.AsSpan().ContainsAnyExcept(picture.Grey[0]);

    private ImageSet Lit(byte[] pixels, int count, int height, int width)
    {
        if (invert)
            foreach (ref byte pixel in pixels.AsSpan())
                pixel = (byte)~pixel;
        return new(pixels, new byte[count], height, width);
    }
}
