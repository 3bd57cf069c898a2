using Conformance.Cli.Predict;

namespace Conformance.Tests.Cli.Predict;

/// <summary>Wherever a figure lies and however large it is, it is laid into the field as MNIST did.</summary>
internal sealed class DigitFrameTests
{
    private static readonly (int Size, double Scale, double Top, double Left)[] _places =
    [
        (28, 20, 4, 7), (28, 10, 1, 2), (28, 27, 0.5, 5), (20, 18, 1, 3),
        (32, 20, 10, 11), (280, 200, 40, 70), (280, 60, 200, 20), (500, 450, 20, 100),
    ];

    [Test]
    public void TheBoxHas20PixelsAndTheCentreOfMassIsTheMiddle() => Bulk.Check(_places, one => $"{one}", one =>
    {
        var field = Centered(DrawnDigit.Seven(one.Size, one.Scale, one.Top, one.Left), one.Size);
        double mass = 0, row = 0, column = 0;
        var rows = new HashSet<int>();
        for (int i = 0; i < field.Length; i++)
        {
            mass += field[i];
            row += field[i] * (i / 28 + 0.5);
            column += field[i] * (i % 28 + 0.5);
            if (field[i] > 0)
                rows.Add(i / 28);
        }
        return (rows.Count, field.Max()) == (20, 255) && Math.Abs(row / mass - 14.5) <= 0.51 && Math.Abs(column / mass - 14.5) <= 0.51
            ? null
            : $"{rows.Count} rows, up to {field.Max()}, centre {row / mass:F2}, {column / mass:F2}";
    });

    /// <summary>The same figure, large and small, gives nearly the same field.</summary>
    [Test]
    public void TheSizeOfThePictureDoesNotMatter()
    {
        var (large, small) = (Centered(DrawnDigit.Seven(280, 200, 40, 70), 280), Centered(DrawnDigit.Seven(28, 20, 2, 3), 28));
        Assert.That(large.Zip(small, (a, b) => Math.Abs(a - b)).Average(), Is.LessThan(6));
    }

    /// <summary>The ground need not be black: paper that is turned is dark grey.</summary>
    [Test]
    public void AGreyGroundIsTakenOff()
    {
        var digit = DrawnDigit.Seven(28, 20, 4, 7);
        var onGrey = Array.ConvertAll(digit, pixel => (byte)(40 + pixel * 160 / 255));
        Assert.That(Centered(onGrey, 28).Zip(Centered(digit, 28), (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(4));
    }

    [TestCase(0), TestCase(255), TestCase(128)]
    public void ABlankPictureHasNoFigure(int grey)
    {
        var blank = new byte[28 * 28];
        Array.Fill(blank, (byte)grey);
        Assert.That(Ink.Find(blank, 28, 28), Is.Null);
    }

    /// <summary>A single pixel, a line along the border, and a picture of one row.</summary>
    [Test]
    public void OddFiguresAreFramed()
    {
        var dot = new byte[28 * 28];
        dot[^1] = 255;
        Assert.That(Centered(dot, 28).Count(pixel => pixel == 255), Is.EqualTo(400), "a dot fills the box");
        byte[] row = [0, 0, 255, 255, 0, 0, 0];
        var ink = Ink.Find(row, 1, 7)!;
        Assert.That(ink, Is.EqualTo(new Ink(0, 2, 1, 2, 0.5, 3)));
        Assert.That(DigitFrame.Center(row, 1, 7, ink, 28, 28).Count(pixel => pixel > 0), Is.EqualTo(200), "10×20");
    }

    private static byte[] Centered(byte[] grey, int size) => DigitFrame.Center(grey, size, size, Ink.Find(grey, size, size)!, 28, 28);
}
