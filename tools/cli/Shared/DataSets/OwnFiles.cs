namespace Conformance.Cli.Shared.DataSets;

/// <summary>Finds the files that <c>--data</c> names: the user's own.</summary>
internal static class OwnFiles
{
    private const string Expected =
        "a directory with the four files under MNIST's names, or four files: training images and labels, test images and labels";

    /// <summary>The user's own files: those of a directory, under MNIST's names, or four of any name, in the order of the constructor.</summary>
    /// <param name="data">The values of <c>--data</c>.</param>
    /// <exception cref="UserError">There are neither one nor four, or a file is not there.</exception>
    public static DataPaths Locate(IReadOnlyList<string> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Count switch
        {
            1 => new([.. DataSet.Mnist.Files.Select(file => InDirectory(data[0], file.Name))]),
            4 => new([.. data.Select(Present)]),
            _ => throw new UserError($"--data: expected {Expected}; got {data.Count} values"),
        };
    }

    private static string Present(string path) => File.Exists(path) ? path
        : throw new UserError($"--data {path}: {(Directory.Exists(path) ? "expected one of four files, got a directory" : "no such file")}");

    /// <summary>The user's file of this name; <c>train-images.idx3-ubyte</c> is a usual spelling too, and each may end in <c>.gz</c>.</summary>
    private static string InDirectory(string directory, string name)
    {
        if (!Directory.Exists(directory))
            throw new UserError(File.Exists(directory)
                ? $"--data {directory}: expected {Expected}; got a file"
                : $"--data {directory}: no such directory; expected {Expected}");
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] spellings = [name, dotted, name + ".gz", dotted + ".gz"];
        var candidates = spellings.Select(spelling => Path.Combine(directory, spelling)).ToArray();
        if (candidates.FirstOrDefault(File.Exists) is { } found)
            return found;
        if (candidates.FirstOrDefault(Directory.Exists) is { } inItsPlace)
            throw new UserError($"--data {directory}: expected a file, got a directory: {inItsPlace}");
        throw new UserError($"--data {directory}: {name} is missing (looked for {string.Join(", ", spellings)}); "
            + "add it, or give four files of other names, or leave --data out to have a set fetched");
    }
}
