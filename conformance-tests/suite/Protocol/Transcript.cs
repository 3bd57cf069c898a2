using System.Text.Json;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// What was asked and answered, one JSON object a line: <c>{"engine":…,"greeting":{…}}</c> first, then <c>{"engine":…,"request":{…},"reply":{…}}</c>,
/// or <c>"failure"</c>, and which <c>"fault"</c> it was, in place of a reply where there was none. It is written to a temporary file, and has its
/// name once it is whole.
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

    /// <summary>The engines of a transcript, in order.</summary>
    /// <exception cref="FixtureException">It is none, with file, line and reason.</exception>
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

    /// <summary>Gives the file its name; where nothing was recorded there is none.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
            if (File.Exists(_temporary) && new FileInfo(_temporary).Length > 0)
                File.Move(_temporary, _path, overwrite: true);
            File.Delete(_temporary); // does nothing once it is renamed
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

    /// <summary>Whatever it was: there was no answer.</summary>
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
                return; // a thread that was left behind when the run was ended
            _file.Write(line);
            _file.WriteByte((byte)'\n');
        }
    }
}
