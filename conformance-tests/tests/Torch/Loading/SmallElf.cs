using System.Buffers.Binary;
using System.Text;

namespace Conformance.Tests.Torch.Loading;

/// <summary>
/// An invented shared library of a few hundred bytes, with the tables that <c>WeakVersion</c> reads. It requires two versions of
/// <c>libstdc++.so.6</c> and one of <c>libc.so.6</c>, and has three symbols.
/// </summary>
internal static class SmallElf
{
    public const string Version = "GLIBCXX_3.4.32", Other = "GLIBCXX_3.4.21", Mark = "_ZSt21ios_base_library_initv";

    /// <summary>Where the flags of <see cref="Version"/> are.</summary>
    public const int Flags = Needed + 16 + 16 + 4;

    private const int Strings = 64, Symbols = 192, Versions = Symbols + (4 * 24), Needed = Versions + 8, Sections = Needed + (5 * 16), Count = 5;

    /// <param name="users">How many of the symbols ask for <see cref="Version"/>: 1 is as it should be.</param>
    public static byte[] Make(int users = 1)
    {
        var file = new byte[Sections + (Count * 64)];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        U64(40, Sections);
        U16(58, 64);
        U16(60, Count);

        var at = 1; // string 0 is empty
        var names = new Dictionary<string, int>();
        foreach (var name in new[] { Version, Other, "GLIBC_2.34", "libstdc++.so.6", "libc.so.6", Mark, "_Znwm", "memcpy" })
        {
            names[name] = at;
            at += Encoding.ASCII.GetBytes(name, file.AsSpan(Strings + at)) + 1;
        }
        foreach (var (i, name) in new[] { Mark, "_Znwm", "memcpy" }.Index())
            U32(Symbols + (24 * (i + 1)), names[name]);
        U16(Versions + 2, users > 0 ? 3 : 2);
        U16(Versions + 4, users > 1 ? 3 : 2);
        U16(Versions + 6, 4);

        U16(Needed, 1); // Verneed: version, count, file, aux, next
        U16(Needed + 2, 2);
        U32(Needed + 4, names["libstdc++.so.6"]);
        U32(Needed + 8, 16);
        U32(Needed + 12, 48);
        Aux(Needed + 16, 2, Other, 16);
        Aux(Needed + 32, 3, Version, 0);
        U16(Needed + 48, 1);
        U16(Needed + 50, 1);
        U32(Needed + 52, names["libc.so.6"]);
        U32(Needed + 56, 16);
        Aux(Needed + 64, 4, "GLIBC_2.34", 0);

        Section(1, 3, Strings, 128, 0);
        Section(2, 11, Symbols, 4 * 24, 1);
        Section(3, 0x6fffffff, Versions, 8, 2);
        Section(4, 0x6ffffffe, Needed, 5 * 16, 1);
        return file;

        void Aux(int at, ushort number, string version, int next)
        {
            U16(at + 6, number);
            U32(at + 8, names[version]);
            U32(at + 12, next);
        }
        void Section(int index, uint type, int offset, int size, int link)
        {
            var at = Sections + (64 * index);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 4), type);
            U64(at + 24, offset);
            U64(at + 32, size);
            U32(at + 40, link);
        }
        void U16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        void U32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        void U64(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }
}
