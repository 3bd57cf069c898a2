using System.Buffers.Binary;
using System.Text;

namespace Conformance.Torch.Loading;

/// <summary>
/// Makes a symbol version weak that a Linux library requires of another library. The loader then warns that the version is missing, and continues.
/// That is safe only if no symbol of that version is used, so it is allowed for one named symbol only.
/// <para>
/// ELF64, little-endian (System V ABI, "Sections"; Linux Standard Base, "Symbol Versioning"). The section <c>.gnu.version_r</c> (SHT_GNU_verneed)
/// lists, for each needed library (Verneed), the versions required of it (Vernaux). Bit 1 of <c>vna_flags</c> (VER_FLG_WEAK) makes a version weak.
/// <c>.gnu.version</c> (SHT_GNU_versym) has, for each symbol of <c>.dynsym</c>, the number of its version, <c>vna_other</c>.
/// </para>
/// </summary>
internal static class WeakVersion
{
    private const int HeaderSize = 64, SectionSize = 64, SymbolSize = 24;
    private const uint DynamicSymbols = 11, VersionsNeeded = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const ushort Weak = 2;

    /// <summary>Returns a copy of a library in which one version is weak. Nothing else differs.</summary>
    /// <param name="version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="symbol">The only symbol that may require it.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no such library, does not require the version, or requires it for another symbol.
    /// </exception>
    public static byte[] Weaken(ReadOnlySpan<byte> library, string version, string symbol)
    {
        try
        {
            var sections = Sections(library);
            var needed = Section(sections, VersionsNeeded, ".gnu.version_r");
            var entry = Find(library, needed, sections[(int)needed.Link], version);
            var number = U16(library, entry + 6); // vna_other
            var users = Symbols(library, sections, number);
            if (users is not [var only] || only != symbol)
                throw new InvalidDataException(
                    $"{version} is asked for by {(users.Count == 0 ? "no symbol" : string.Join(", ", users))}, where {symbol} alone was expected");
            var copy = library.ToArray();
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(entry + 4), (ushort)(U16(library, entry + 4) | Weak)); // vna_flags
            return copy;
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("a table of the ELF file lies beyond its end");
        }
    }

    private readonly record struct Header(uint Type, int Offset, int Size, uint Link);

    private static Header[] Sections(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize || !file.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException("it is no ELF file of 64 bits, little-endian");
        var (start, size, count) = (U64(file, 40), U16(file, 58), U16(file, 60)); // e_shoff, e_shentsize, e_shnum
        if (count == 0 || size != SectionSize)
            throw new InvalidDataException("the ELF file has no table of sections");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + count * SectionSize, file.Length);
        var sections = new Header[count];
        for (var i = 0; i < count; i++)
        {
            var at = start + i * SectionSize;
            sections[i] = new(U32(file, at + 4), U64(file, at + 24), U64(file, at + 32), U32(file, at + 40)); // sh_type, sh_offset, sh_size, sh_link
        }
        return Array.TrueForAll(sections, section => section.Link < count) ? sections
            : throw new InvalidDataException("a section of the ELF file names one that is not there");
    }

    private static Header Section(Header[] sections, uint type, string name) =>
        Array.Find(sections, section => section.Type == type) is { Type: not 0 } found ? found
            : throw new InvalidDataException($"the ELF file has no section {name}");

    /// <summary>The position of the Vernaux of a version.</summary>
    private static int Find(ReadOnlySpan<byte> file, Header needed, Header strings, string version)
    {
        for (var at = needed.Offset; ;)
        {
            var aux = checked(at + (int)U32(file, at + 8)); // vn_aux
            for (var i = U16(file, at + 2); i > 0; i--) // vn_cnt
            {
                if (Text(file, strings, U32(file, aux + 8)) == version) // vna_name
                    return aux;
                aux = checked(aux + (int)U32(file, aux + 12)); // vna_next
            }
            var next = checked((int)U32(file, at + 12)); // vn_next: always forward, so the loop ends
            if (next == 0)
                throw new InvalidDataException($"it does not ask for {version}");
            at = checked(at + next);
        }
    }

    private static List<string> Symbols(ReadOnlySpan<byte> file, Header[] sections, ushort number)
    {
        var (symbols, versions) = (Section(sections, DynamicSymbols, ".dynsym"), Section(sections, SymbolVersions, ".gnu.version"));
        var found = new List<string>();
        for (var i = 0; i < versions.Size / 2; i++)
            if ((U16(file, versions.Offset + 2 * i) & 0x7fff) == number)
                found.Add(Text(file, sections[(int)symbols.Link], U32(file, symbols.Offset + i * SymbolSize))); // st_name
        return found;
    }

    private static string Text(ReadOnlySpan<byte> file, Header strings, uint at)
    {
        var rest = file[checked(strings.Offset + (int)at)..];
        return Encoding.ASCII.GetString(rest[..Math.Max(0, rest.IndexOf((byte)0))]);
    }

    private static ushort U16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    private static uint U32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);

    /// <summary>Reads an offset or a size. A value beyond 2 GiB is beyond the end of any file here.</summary>
    private static int U64(ReadOnlySpan<byte> file, int at) => (int)Math.Min(int.MaxValue / 2, BinaryPrimitives.ReadUInt64LittleEndian(file[at..]));
}
