using System.Text;
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
    /// <summary>A reply of the greatest depth that is read from an engine is one level deeper here.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 128 };

    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _file;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _engines = [];
    private bool _isBroken;
    private bool _isComplete;

    /// <exception cref="IOException">The file can't be written.</exception>
    public Transcript(string path)
    {
        AtomicFile.ClearLeftovers(path);
        (_path, _temporary) = (path, AtomicFile.TemporaryName(path));
        _file = new(_temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0); // what can't be written is known at once
    }

    /// <summary>Reads the engines of a transcript, in order.</summary>
    /// <exception cref="FixtureException">The file is no transcript. The message names file, line and reason.</exception>
    /// <param name="hidden">The seed by which the ids were hidden from the engine; null where they were not.</param>
    public static IReadOnlyList<ReplaySubject> Read(string path, ulong? hidden = null)
    {
        var (engines, number, bytes) = (new Dictionary<string, ReplaySubject>(), 0, 0L);
        try
        {
            using var file = File.OpenRead(path);
            var lines = new LineReader(file, BoundedFile.MostLine); // a reply may hold a bare CR, which ends no line
            while (lines.Read() is { } line)
            {
                number++;
                if (line.TooLong || (bytes += line.Bytes.Length) > BoundedFile.MostRecording)
                    throw BoundedFile.TooLong($"{path}: line {number}", line.TooLong ? BoundedFile.MostLine : BoundedFile.MostRecording);
                using var json = JsonDocument.Parse(line.Bytes, Deep);
                Read(path, json.RootElement, engines, hidden);
            }
        }
        catch (Exception error) when (error is JsonException or ProtocolException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FixtureException(
                path, $"line {number}", "expected a line as `check --record` writes it: " + Visible.Line(error.Message, 200), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FixtureException.Unopened(path, error);
        }
        return engines.Count > 0
            ? [.. engines.Values.Where(engine => !engine.IsAnew)]
            : throw new FixtureException(path, "content", "expected a transcript as `check --record` writes it, got no line");
    }

    /// <summary>Says that the run came to its end. A recording that is not complete gets <c>.interrupted</c> behind its name.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>Renames the file to its final name. If nothing was recorded there is no file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
            if (!_isBroken && File.Exists(_temporary) && new FileInfo(_temporary).Length > 0)
                File.Move(_temporary, _isComplete ? _path : _path + ".interrupted", overwrite: true);
            File.Delete(_temporary); // does nothing if the file was renamed
        }
    }

    /// <returns>The engine's name in the recording: with a number where another has the same name.</returns>
    /// <param name="anewOf">The engine in the recording that is the same, started before; null where there is none.</param>
    internal string Greeted(string engine, byte[] greeting, string? anewOf = null)
    {
        engine = anewOf is null ? engine : $"{anewOf}, started anew";
        var name = engine;
        lock (_lock)
            for (var number = 2; !_engines.Add(name); number++)
                name = $"{engine} ({number})";
        Write(json =>
        {
            json.WriteString("engine", name);
            if (anewOf is not null)
                json.WriteString("anewOf", anewOf);
            Raw(json, "greeting", greeting);
        });
        return name;
    }

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

    private static void Read(string path, JsonElement line, Dictionary<string, ReplaySubject> engines, ulong? hidden)
    {
        var name = line.GetProperty("engine").GetString()!;
        if (line.TryGetProperty("greeting", out var greeting))
        {
            var engine = new ReplaySubject(name, path, Greeting.Read(Encoding.UTF8.GetBytes(greeting.GetRawText())).Declares, hidden);
            if (!engines.TryAdd(name, engine))
                throw new InvalidOperationException($"two engines are called '{Visible.Line(name, 60)}', and their answers can't be told apart");
            if (line.TryGetProperty("anewOf", out var first))
                engines[first.GetString()!].StartedAnew(engine);
        }
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

    /// <exception cref="SuiteException">The line can't be written, and no further one is.</exception>
    private void Write(Action<Utf8JsonWriter> write)
    {
        var line = Wire.Line(write);
        lock (_lock)
        {
            if (!_file.CanWrite || _isBroken)
                return; // a thread that still ran when the run was cancelled
            try
            {
                _file.Write([.. line, (byte)'\n']);
            }
            catch (IOException error)
            {
                _isBroken = true;
                throw new SuiteException($"recording to {_path}", error);
            }
        }
    }
}
