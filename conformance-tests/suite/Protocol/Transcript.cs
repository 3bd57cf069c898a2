using System.Text.Json;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// A recording of questions and answers, one JSON object per line. The first line is <c>{"engine":…,"greeting":{…}}</c>. The others are
/// <c>{"engine":…,"request":{…},"reply":{…}}</c>; if there was no reply, they have <c>"failure"</c> and <c>"fault"</c> instead. The file is
/// written under a temporary name and renamed when it is complete.
/// </summary>
public sealed class Transcript : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly Lock _lock = new();

    /// <exception cref="IOException">The file can't be written.</exception>
    public Transcript(string path)
    {
        (_path, _temporary) = (path, AtomicFile.TemporaryName(path));
        _file = File.Create(_temporary);
    }

    /// <summary>Reads the engines of a transcript, in order.</summary>
    /// <exception cref="FixtureException">The file is no transcript. The message names file, line and reason.</exception>
    public static IReadOnlyList<ReplaySubject> Read(string path)
    {
        var (engines, number) = (new Dictionary<string, ReplaySubject>(), 0);
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                using var json = JsonDocument.Parse(line);
                Read(path, json.RootElement, engines);
            }
        }
        catch (Exception error) when (error is JsonException or ProtocolException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FixtureException(path, $"line {number}", "expected a line as `check --record` writes it: " + error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FixtureException.Unopened(path, error);
        }
        return engines.Count > 0
            ? [.. engines.Values]
            : throw new FixtureException(path, "content", "expected a transcript as `check --record` writes it, got no line");
    }

    /// <summary>Renames the file to its final name. If nothing was recorded there is no file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
            if (File.Exists(_temporary) && new FileInfo(_temporary).Length > 0)
                File.Move(_temporary, _path, overwrite: true);
            File.Delete(_temporary); // does nothing if the file was renamed
        }
    }

    internal void Greeted(string engine, byte[] greeting) => Write(json =>
    {
        json.WriteString("engine", engine);
        Raw(json, "greeting", greeting);
    });

    internal void Answered(string engine, byte[] request, byte[] reply) => Write(json =>
    {
        json.WriteString("engine", engine);
        Raw(json, "request", request);
        Raw(json, "reply", reply);
    });

    internal void Failed(string engine, byte[] request, ProtocolException failure) => Write(json =>
    {
        json.WriteString("engine", engine);
        Raw(json, "request", request);
        json.WriteString("failure", failure.Message);
        json.WriteString("fault", failure.Fault.ToString());
    });

    private static void Read(string path, JsonElement line, Dictionary<string, ReplaySubject> engines)
    {
        var name = line.GetProperty("engine").GetString()!;
        if (line.TryGetProperty("greeting", out var greeting))
            engines[name] = new(name, path, Greeting.Read(JsonSerializer.SerializeToUtf8Bytes(greeting)).Declares);
        else if (line.TryGetProperty("reply", out var reply))
            engines[name].Add(line.GetProperty("request"), reply.GetRawText());
        else
            engines[name].Add(line.GetProperty("request"), line.GetProperty("failure").GetString()!, FaultOf(line));
    }

    /// <summary>The kind of fault of a recorded question without an answer.</summary>
    private static Fault FaultOf(JsonElement line) =>
        line.TryGetProperty("fault", out var name) && Enum.TryParse(name.GetString(), out Fault fault) ? fault : Fault.Silent;

    private static void Raw(Utf8JsonWriter json, string name, byte[] value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value, skipInputValidation: true);
    }

    private void Write(Action<Utf8JsonWriter> write)
    {
        var line = Wire.Line(write);
        lock (_lock)
        {
            if (!_file.CanWrite)
                return; // a thread that still ran when the run was cancelled
            _file.Write(line);
            _file.WriteByte((byte)'\n');
        }
    }
}
