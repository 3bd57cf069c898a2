using System.Globalization;
using System.Text.Json;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting;

namespace Conformance.Cli.Check;

/// <summary>What a command left last, in one line.</summary>
/// <param name="Command"><c>check</c>, <c>compare</c> or <c>selfcheck</c>.</param>
/// <param name="Causes">Of <c>check</c>: what is wrong, one line each.</param>
/// <param name="Page">The command's own page; null where there is none.</param>
internal sealed record LatestResults(string Command, bool IsGood, string Text, IReadOnlyList<string> Causes, DateTime Written, string? Page)
{
    private static readonly string[] Commands = ["check", "compare", "selfcheck"], PageNames = ["engines.html", "report.html"];

    /// <summary>Of each command whose results are in a folder of its name; one that can't be read says so.</summary>
    public static IReadOnlyList<LatestResults> Below(string folder) =>
        [.. Commands.Select(command => (command, Path: Path.Combine(folder, command, Results.FileName))).Where(one => File.Exists(one.Path))
            .Select(one => Read(one.command, one.Path))];

    private static LatestResults Read(string command, string path)
    {
        var (isGood, text, causes) = (false, "", (IReadOnlyList<string>)[]);
        try
        {
            using var json = ResultFiles.Parse(path);
            (isGood, text, causes) = command switch
            {
                "check" => Check(json.RootElement, path),
                "compare" => Compare(json.RootElement),
                _ => SelfCheck(json.RootElement),
            };
        }
        catch (Exception error) when (error is FixtureException or KeyNotFoundException or InvalidOperationException)
        {
            text = $"can't be read: {error.Message}";
        }
        var page = PageNames.Select(name => Path.Combine(Path.GetDirectoryName(path)!, name)).FirstOrDefault(File.Exists);
        return new(command, isGood, text, causes, File.GetLastWriteTime(path), page);
    }

    private static (bool, string, IReadOnlyList<string>) Check(JsonElement root, string path)
    {
        if (root.TryGetProperty("engines", out var engines))
            return (true, $"{engines.GetArrayLength()} engines side by side", []);
        var results = Results.Read(path);
        var (pass, unsupported) = (results.Cases.Count(one => one.IsGood), results.Cases.Count(one => one.IsUnsupported));
        return (
            pass > 0 && pass + unsupported == results.Cases.Count && !results.Interrupted,
            $"{results.Engine}: {(results.Interrupted ? "interrupted, " : "")}"
                + $"{pass} of {results.Cases.Count} cases pass{(unsupported > 0 ? $", {unsupported} unsupported" : "")}",
            [.. results.Diagnoses.Select(cause => cause.Id is null ? cause.Text : $"{cause.Text} [{cause.Id}]").Distinct()]);
    }

    private static (bool, string, IReadOnlyList<string>) Compare(JsonElement root)
    {
        string Accuracy(string side) =>
            root.GetProperty(side).GetProperty("testAccuracy").EnumerateArray()
                .Average(value => value.GetDouble())
                .ToString("P2", CultureInfo.InvariantCulture);
        var isGood = !root.TryGetProperty("firstSteps", out var first) || first.GetProperty("isGood").GetBoolean(); // version 1 has none
        return (
            isGood,
            $"LeNet on MNIST: test accuracy {Accuracy("scratch")} from scratch, "
                + $"{Accuracy("baseline")} by torch{(isGood ? "" : "; the engine differs in its first steps")}",
            []);
    }

    private static (bool, string, IReadOnlyList<string>) SelfCheck(JsonElement root)
    {
        int Number(string name) => root.GetProperty(name).GetInt32();
        return (
            Number("killed") == Number("defects") && Number("falseAlarms") == 0,
            $"{Number("killed")} of {Number("defects")} known mistakes are caught, {Number("diagnosed")} named; {Number("falseAlarms")} false alarms",
            []);
    }
}
