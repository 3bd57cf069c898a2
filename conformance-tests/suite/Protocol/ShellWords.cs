using System.Text;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Splits a command line into words as a shell does. Quotes keep spaces, and a backslash keeps the next character. Nothing is expanded.
/// </summary>
public static class ShellWords
{
    /// <summary>The characters besides letters and digits that need no quotes.</summary>
    private const string Plain = "-_./=:,+@%";

    /// <summary>Joins words into a line that splits into the same words.</summary>
    public static string Joined(IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    /// <summary>
    /// Quotes a text so that it is one word, here and in every shell: in single quotes, in which a shell expands nothing. A single quote itself
    /// stands between double quotes.
    /// </summary>
    public static string Quoted(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0 && text.All(letter => char.IsLetterOrDigit(letter) || Plain.Contains(letter)) ? text
            : $"'{text.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
    }

    /// <exception cref="FormatException">A quote is not closed, or there is no word.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var (words, word, quote) = (new List<string>(), (StringBuilder?)null, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            var (letter, isLast) = (line[i], i == line.Length - 1);
            if (letter == quote)
                quote = '\0';
            else if (quote == '\'' || (quote == '"' && letter != '\\'))
                word!.Append(letter);
            else if (letter is '\'' or '"' && quote == '\0')
                (quote, word) = (letter, word ?? new());
            else if (letter == '\\' && !isLast && !OperatingSystem.IsWindows())
                (word ??= new()).Append(quote == '"' && line[i + 1] is not ('"' or '\\') ? "\\" : "").Append(line[++i]);
            else if (!char.IsWhiteSpace(letter))
                (word ??= new()).Append(letter);
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
        if (quote != '\0')
            throw new FormatException($"the quote {quote} has no end");
        if (word is not null)
            words.Add(word.ToString());
        return words.Count > 0 && words[0].Length > 0 ? words : throw new FormatException("expected a program and its arguments, got none");
    }
}
