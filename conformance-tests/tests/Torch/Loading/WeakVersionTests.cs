using Conformance.Torch.Loading;

namespace Conformance.Tests.Torch.Loading;

/// <summary>One flag of one version changes, and only where nothing uses it.</summary>
public sealed class WeakVersionTests
{
    [Test]
    public void OneFlagOfTheVersionIsSetAndNothingElse()
    {
        var library = SmallElf.Make();
        var weak = Weaken(library);

        Assert.That(Enumerable.Range(0, library.Length).Where(i => library[i] != weak[i]), Is.EqualTo([SmallElf.Flags]));
        Assert.That((library[SmallElf.Flags], weak[SmallElf.Flags]), Is.EqualTo(((byte)0, (byte)2)));
        Assert.That(Weaken(weak), Is.EqualTo(weak), "once more changes nothing");
    }

    [TestCase(0, "no symbol")]
    [TestCase(2, SmallElf.Mark + ", _Znwm")]
    public void AVersionThatSomethingElseUsesStays(int users, string named) =>
        Assert.That(() => Weaken(SmallElf.Make(users)), Throws.TypeOf<InvalidDataException>().With.Message.Contains(named));

    [Test]
    public void AVersionThatIsNotAskedForIsSaid() =>
        Assert.That(
            () => WeakVersion.Weaken(SmallElf.Make(), "GLIBCXX_3.4.33", SmallElf.Mark),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("it does not ask for GLIBCXX_3.4.33"));

    /// <summary>Wherever it is cut off, and whichever byte is another: an answer or this one exception.</summary>
    [Test]
    public void ADamagedFileEndsInOneKindOfException()
    {
        var whole = SmallElf.Make();
        for (var length = 0; length < whole.Length; length++)
            Assert.That(() => Weaken(whole[..length]), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        for (var i = 0; i < whole.Length; i++)
            foreach (var value in new byte[] { 0, 1, 0x7f, 0xff })
            {
                var altered = whole.ToArray();
                altered[i] = value;
                try
                {
                    Weaken(altered);
                }
                catch (InvalidDataException)
                {
                }
            }
    }

    private static byte[] Weaken(byte[] library) => WeakVersion.Weaken(library, SmallElf.Version, SmallElf.Mark);
}
