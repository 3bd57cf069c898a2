using System.Text.RegularExpressions;

namespace Conformance.Tests.Examples;

/// <summary>conformance-tests/PROTOCOL.md, as its tests read it.</summary>
internal static partial class ProtocolPage
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, "conformance-tests", "PROTOCOL.md"));

    /// <summary>The program under "The smallest engine".</summary>
    public static string SmallestEngine => Text.Split("```python\n")[1].Split("```")[0];

    /// <summary>The lines of "A conversation": whose they are, and what they say.</summary>
    public static (bool OfTheSuite, string Message)[] Conversation =>
        [.. Text.Split("## A conversation")[1].Split("```")[1].Trim().Split('\n').Select(line => (line[0] == '→', line[2..]))];

    /// <summary>The table of operations, without lenet, which has a table of its own.</summary>
    public static IReadOnlyDictionary<string, Row> Operations { get; } = Text.Split("\n| operation | inputs |")[1].Split("\n\n")[0].Split('\n')
        .Skip(2).Select(Row.Parse).Where(row => row.Op != "lenet").ToDictionary(row => row.Op);

    /// <summary>The names in each cell of a table's second column, by its first.</summary>
    public static IReadOnlyDictionary<string, string[]> NamesUnder(string title) => Text.Split(title)[1]
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .First(part => part.StartsWith('|')).Split('\n').Skip(2).Where(line => line.StartsWith('|'))
        .Select(line => line.Split(" | "))
        .ToDictionary(cells => cells[0].Trim('|', ' '), cells => Quoted().Matches(cells[1]).Select(name => name.Groups[1].Value).ToArray());

    /// <summary>An operation, and what its cells say: (name, whether it may be left out, the rest: shape or kind).</summary>
    internal sealed record Row(string Op, Item[] Inputs, Item[] Attributes, Item[] Outputs, Item[] Gradients)
    {
        public static Row Parse(string line)
        {
            var cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
            return new(cells[0].Trim('`'), Items(cells[1]), Items(cells[2]), Items(cells[3]), Items(cells[4]));
        }

        private static Item[] Items(string cell) =>
            [.. Name().Matches(cell)
                .Select(item => new Item(item.Groups["name"].Value, item.Groups["optional"].Success, item.Groups["rest"].Value.Trim()))];
    }

    internal sealed record Item(string Name, bool Optional, string Rest);

    [GeneratedRegex("`(?<name>[a-z][a-z0-9_.]*)`(?<optional>\\?)?(?<rest>[^`]*?)(?=, `|$)")]
    private static partial Regex Name();

    [GeneratedRegex("`([a-z][a-z0-9_.]*)`")]
    private static partial Regex Quoted();
}
