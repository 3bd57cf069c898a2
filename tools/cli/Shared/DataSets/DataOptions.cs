using System.CommandLine;

namespace Conformance.Cli.Shared.DataSets;

/// <summary>What a command works on.</summary>
/// <param name="Title">Such as <c>Fashion-MNIST</c>; for the user's own files, where they are.</param>
/// <param name="Classes">What the labels 0 … 9 stand for.</param>
internal sealed record ChosenData(string Title, IReadOnlyList<string> Classes, DataPaths Paths);

/// <summary><c>--set</c> and <c>--data</c>, the same wherever a command takes them: a published set, or files of the user's own.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> _set = new("--set")
    {
        HelpName = "SET",
        Description = $"the images: {Names}, fetched where missing [default: {DataSet.Mnist.Name}]",
    };

    private readonly Option<string[]> _data = Data();

    private static string Names => string.Join(" or ", DataSet.All.Select(set => set.Name));

    public IReadOnlyList<Option> All => [_set, _data];

    /// <summary>Files of the user's own.</summary>
    public static Option<string[]> Data() => new("--data")
    {
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = true,
        Description = "your own IDX files, raw or gzip: a directory with MNIST's four names, or four files, "
            + "training images and labels, then test images and labels; nothing is downloaded then",
    };

    /// <summary>
    /// With <c>--data</c> those files, and <c>--set</c> then only tells what their classes are called; else the set, fetched where it is missing.
    /// </summary>
    /// <exception cref="UserError">Exit code 2: there is no such set, or a file of <c>--data</c> is not there. Exit code 3: the set can't be
    /// had.</exception>
    public ChosenData Resolve(ParseResult parse, Action<string> say, CancellationToken cancel)
    {
        var name = parse.GetValue(_set) ?? DataSet.Mnist.Name;
        var set = DataSet.All.FirstOrDefault(set => set.Name == name) ?? throw new UserError($"--set: expected {Names}, got '{name}'");
        return parse.GetValue(_data) is { Length: > 0 } data
            ? new(string.Join(' ', data), set.Classes, OwnFiles.Locate(data))
            : new(set.Title, set.Classes, set.Ensure(say, cancel));
    }
}
