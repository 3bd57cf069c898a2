using System.Text.Json;
using Conformance.Engine.Files;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Reporting;

namespace Conformance.Cli.Shared;

/// <summary>Finds the results that earlier runs left.</summary>
internal static class ResultFiles
{
    /// <summary>Every <c>results.json</c> in or below a folder, sorted by path.</summary>
    public static IEnumerable<string> Below(string folder)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return Directory.EnumerateFiles(Path.GetFullPath(folder), Results.FileName, everywhere).Order(StringComparer.Ordinal);
    }

    /// <summary>Whether it is one engine's: not the table above several, and not another command's.</summary>
    /// <exception cref="FixtureException">It is no JSON.</exception>
    public static bool IsOfCheck(string path)
    {
        using var json = Parse(path);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("engine", out _);
    }

    /// <summary>Whether it is of a run in which nothing was judged, because the engine did not start or greet.</summary>
    public static bool IsOfNothing(string path)
    {
        try
        {
            return Results.Read(path).Ended is not null;
        }
        catch (FixtureException)
        {
            return false;
        }
    }

    /// <exception cref="FixtureException">It can't be read, or is no JSON.</exception>
    public static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(BoundedReader.ReadText(path, BoundedReader.MostData));
        }
        catch (JsonException error)
        {
            throw new FixtureException(path, "content", $"expected JSON; it is none from line {(error.LineNumber ?? 0) + 1} on", error);
        }
        catch (InvalidDataException error)
        {
            throw new FixtureException(path, "content", error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FixtureException.Unopened(path, error);
        }
    }
}
