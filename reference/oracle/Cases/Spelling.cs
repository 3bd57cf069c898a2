using System.Globalization;

namespace Conformance.Oracle;

/// <summary>
/// Parses the geometry in a case's id, such as <c>n2c3h7w5-o4-k3x2-s2x1-p1.2x0.1-nobias</c>. <c>-</c> separates parts. A part is a sequence of
/// letters with numbers (<c>n2c3h7w5</c>), a letter and a pair (<c>k3x2</c>, height × width; <c>k3</c> means both), a padding with different ends
/// (<c>p1.2x0.1</c>: top.bottom × left.right; <c>pm1x0</c>: minus one), a letter and a decimal (<c>m0.25</c>), or a word (<c>nobias</c>). Numbers
/// have at most four digits. Each part is read once, and a part that is never read is an error.
/// </summary>
public sealed class Spelling
{
    /// <summary>The minus sign of a number; <c>-</c> separates the parts.</summary>
    private const char Minus = 'm';

    private readonly string _id;
    private readonly List<string> _parts;

    /// <param name="id">The whole id, <c>conv2d/n2c3h7w5-…</c>.</param>
    public Spelling(string id)
    {
        _id = id;
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == id.Length - 1)
            throw new ArgumentException($"case id '{id}': expected operation/geometry, such as linear/n3-i5-o4");
        Op = id[..slash];
        _parts = [.. id[(slash + 1)..].Split('-')];
    }

    /// <summary>The operation's name, before the slash.</summary>
    public string Op { get; }

    /// <summary>The extents of a part such as <c>n2c3h7w5</c>, in the order of <paramref name="letters"/>.</summary>
    public int[] Extents(string letters)
    {
        foreach (var part in _parts)
        {
            if (TryExtents(part, letters) is not { } extents)
                continue;
            _parts.Remove(part);
            return extents;
        }
        throw Error($"expected a part like {string.Concat(letters.Select((letter, i) => $"{letter}{i + 2}"))}");
    }

    /// <summary>The extents of a part with the first of these letter sequences that the id has: <c>n2c3</c> or <c>n2c3h4w5</c>.</summary>
    public int[] AnyExtents(params ReadOnlySpan<string> letterings)
    {
        foreach (var letters in letterings)
            if (_parts.Any(part => TryExtents(part, letters) is not null))
                return Extents(letters);
        return Extents(letterings[0]);
    }

    /// <summary>A part such as <c>k3x2</c> as (height, width); <paramref name="otherwise"/> if the id has none.</summary>
    public int[] Pair(char letter, int[]? otherwise = null)
    {
        if (Take(letter) is not { } text)
            return otherwise ?? throw Error($"expected a part like {letter}3x2");
        var ends = text.Split('x');
        return ends.Length <= 2 && ends.All(IsNumber)
            ? [Number(ends[0]), Number(ends[^1])]
            : throw Error($"'{letter}{text}' should be like {letter}3x2");
    }

    /// <summary>A part such as <c>u12x9x10</c>.</summary>
    public int[] Numbers(char letter, int count)
    {
        var numbers = (Take(letter) ?? "").Split('x');
        return numbers.Length == count && numbers.All(IsNumber)
            ? [.. numbers.Select(Number)]
            : throw Error($"expected a part like {letter}{string.Join("x", Enumerable.Range(2, count))}");
    }

    /// <summary>A part such as <c>o4</c>; <paramref name="otherwise"/> if the id has none.</summary>
    public int Single(char letter, int? otherwise = null)
    {
        if (Take(letter) is not { } text)
            return otherwise ?? throw Error($"expected a part like {letter}4");
        return IsNumber(text) ? Number(text) : throw Error($"'{letter}{text}' should be like {letter}4");
    }

    /// <summary>A part <c>p1x0</c> or <c>p1.2x0.1</c> as [top, bottom, left, right]; zeros if the id has none.</summary>
    public int[] Padding()
    {
        if (Take('p', minus: true) is not { } text)
            return [0, 0, 0, 0];
        var axes = text.Split('x').Select(axis => axis.Split('.')).ToArray();
        return axes.Length <= 2
            && axes.All(axis => axis.Length <= 2 && axis.All(end => IsNumber(end.TrimStart(Minus)) && end.LastIndexOf(Minus) <= 0))
            ? [.. new[] { axes[0], axes[^1] }.SelectMany(axis => new[] { Signed(axis[0]), Signed(axis[^1]) })]
            : throw Error($"'p{text}' should be like p1x0 or p1.2x0.1");

        static int Signed(string end) => end[0] == Minus ? -Number(end[1..]) : Number(end);
    }

    /// <summary>A part such as <c>m0.25</c>; <paramref name="otherwise"/> if the id has none.</summary>
    public double Decimal(char letter, double otherwise)
    {
        if (Take(letter) is not { } text)
            return otherwise;
        var ends = text.Split('.');
        return ends.Length <= 2 && ends.All(IsNumber)
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : throw Error($"'{letter}{text}' should be like {letter}0.25");
    }

    /// <summary>Whether the id has this word.</summary>
    public bool Word(string word) => _parts.Remove(word);

    /// <summary>
    /// The tensor of a part such as <c>huge.weight</c>; empty for <c>huge</c> alone, and null if the id has no such part. A
    /// point in the tensor's name is an underscore: <c>nan.running.mean</c>.
    /// </summary>
    public string? WordOf(string word)
    {
        var part = _parts.Find(part => part == word || part.StartsWith(word + ".", StringComparison.Ordinal));
        if (part is null)
            return null;
        _parts.Remove(part);
        return part.Length == word.Length ? "" : part[(word.Length + 1)..].Replace('.', '_');
    }

    /// <summary>The one of <paramref name="words"/> that the id has; the first if it has none.</summary>
    public string OneOf(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (_parts.Remove(word))
                return word;
        return words[0];
    }

    /// <exception cref="ArgumentException">A part was never read.</exception>
    public void End()
    {
        if (_parts.Count > 0)
            throw Error($"can't read '{string.Join("-", _parts)}'");
    }

    public ArgumentException Error(string message) => new($"case id '{_id}': {message}");

    private static int[]? TryExtents(string part, string letters)
    {
        var extents = new int[letters.Length];
        var rest = part;
        for (var i = 0; i < letters.Length; i++)
        {
            if (rest.Length == 0 || rest[0] != letters[i])
                return null;
            var end = 1;
            while (end < rest.Length && char.IsAsciiDigit(rest[end]))
                end++;
            if (!IsNumber(rest[1..end]))
                return null;
            extents[i] = Number(rest[1..end]);
            rest = rest[end..];
        }
        return rest.Length == 0 ? extents : null;
    }

    private string? Take(char letter, bool minus = false)
    {
        var part = _parts.Find(part => part.Length > 1 && part[0] == letter && (char.IsAsciiDigit(part[1]) || (minus && part[1] == Minus)));
        if (part is null)
            return null;
        _parts.Remove(part);
        return part[1..];
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 5 && text.All(char.IsAsciiDigit);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
