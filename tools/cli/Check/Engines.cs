using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Scratch;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Reporting.Files;

namespace Conformance.Cli.Check;

/// <summary>The options that say which engines are judged, and how a program among them is run.</summary>
/// <param name="reference">Which <c>--engine torch</c> judges.</param>
internal sealed class Engines(IReference reference)
{
    private const string Scratch = "scratch", Torch = "torch", Float32 = "float32", Float64 = "float64";
    private const int MostSeconds = 86_400, MostJobs = 1024;

    private readonly Option<string?> _engine = new("--engine")
    {
        HelpName = "NAME",
        Description = "an engine of this repository: scratch, which is ours (default), or torch, the reference itself",
    };
    private readonly Option<string?> _dtype = new("--dtype") { HelpName = "TYPE", Description = "of torch: float32 (default) or float64" };
    private readonly Option<string?> _kernel = new("--kernel")
    {
        HelpName = "NAME",
        Description = "of our own engine one kernel variant alone: clear or fast",
    };
    private readonly Option<string[]> _command = new("--command")
    {
        HelpName = "LINE",
        Description = "a program that speaks the protocol, such as \"python3 my_engine.py\" (may be repeated)",
    };
    private readonly Option<string[]> _name = new("--name")
    {
        HelpName = "NAME",
        Description = "what the program is called in reports, once for each --command; else as it greets",
    };
    private readonly Option<double> _timeout = NumberOption.Positive(
        "--timeout", "seconds that one answer of a program may take; its greeting may take 10, or as many where that is more", 10, MostSeconds);
    private readonly Option<int> _jobs = NumberOption.Count("--jobs", "how many processes of a program run at a time", 1, MostJobs);
    private readonly Option<bool> _sandbox = new("--sandbox")
    {
        Description = "confine the program by bubblewrap: no network, no answers, nothing written but to a temporary folder of its own",
    };
    private readonly Option<string?> _record = new("--record")
    {
        HelpName = "FILE",
        Description = "keep all that was asked and answered, one JSON object a line",
    };
    private readonly Option<string?> _replay = new("--replay")
    {
        HelpName = "FILE",
        Description = "judge what --record kept once more, without the program",
    };

    public IReadOnlyList<Option> Options => [_engine, _dtype, _kernel, _command, _name, _timeout, _jobs, _sandbox, _record, _replay];

    /// <summary>Where what is asked and answered is recorded; null where it is not.</summary>
    /// <param name="output">Where the run's own reports go.</param>
    /// <exception cref="UserError">
    /// Something is in the file's place, or will be: a recording never replaces what it finds, which may be a device or another's file, and is itself
    /// replaced by none.
    /// </exception>
    public Transcript? Transcript(ParseResult parse, OutputDirectory output)
    {
        if (parse.GetValue(_record) is not { } file)
            return null;
        if (ReportFiles.IsOne(file, output.Path))
            throw new UserError($"--record {file}: a report of this run has that name in --out {output.Path}. Give another file.");
        return Path.Exists(file)
            ? throw new UserError($"--record {file}: it is there already, and is not overwritten. Remove it, or give another file.")
            : new(file);
    }

    /// <summary>What opens each engine. It is opened when its turn comes, so that thirty do not run at a time.</summary>
    /// <param name="answers">Folders with answers that options name: a confined engine does not see them.</param>
    /// <param name="hidden">The seed by which ids are hidden from a program; null where it is told them.</param>
    /// <exception cref="UserError">
    /// The options contradict each other or can't be read.
    /// </exception>
    /// <exception cref="NotStartedException">What opens one throws it, where the program does not start or greet.</exception>
    public IReadOnlyList<Func<EngineUnderTest>> Read(
        ParseResult parse, Transcript? transcript, IReadOnlyList<string> answers, ulong? hidden, CancellationToken cancel)
    {
        var (commands, names) = (parse.GetValue(_command) ?? [], parse.GetValue(_name) ?? []);
        RequireOneKind(parse, commands);
        if (names.Length > 0 && names.Length != commands.Length)
            throw new UserError($"--name: expected one for each --command, {commands.Length}, got {names.Length}");
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UserError($"--name {twice.Key}: expected a name of its own for each engine");
        try
        {
            if (parse.GetValue(_replay) is { } file)
                return [.. Suite.Protocol.Transcript.Read(file, hidden)
                    .Select(replay => (Func<EngineUnderTest>)(() => new(replay.Name, [replay], 1)))];
            if (commands.Length == 0)
                return [parse.GetValue(_engine) == Torch ? () => Reference(parse.GetValue(_dtype) != Float64) : () => Ours(parse.GetValue(_kernel))];
        }
        catch (FixtureException problem)
        {
            throw new UserError(problem.Message);
        }
        return [.. commands.Select((line, i) =>
        {
            var command = new EngineCommand(Words(line))
            {
                Name = names.Length > 0 ? Visible.Line(names[i], 60) : null,
                Timeout = TimeSpan.FromSeconds(parse.GetValue(_timeout)),
                Jobs = parse.GetValue(_jobs),
                Hidden = hidden,
                Sandbox = parse.GetValue(_sandbox) ? new([.. answers, .. AnswersOnDisk.Folders()]) : null,
            };
            return (Func<EngineUnderTest>)(() => Opened(line, command, transcript, cancel));
        })];
    }

    private void RequireOneKind(ParseResult parse, string[] commands)
    {
        var (engine, dtype) = (parse.GetValue(_engine), parse.GetValue(_dtype));
        if (engine is not (null or Scratch or Torch))
            throw new UserError($"--engine {engine}: expected {Scratch} or {Torch}; a program is given with {_command.Name}");
        if (dtype is not (null or Float32 or Float64))
            throw new UserError($"--dtype {dtype}: expected {Float32} or {Float64}");
        if (dtype is not null && engine != Torch)
            throw new UserError($"--dtype: only together with --engine {Torch}; every other engine has the type that it has");
        if (engine == Torch && parse.GetValue(_kernel) is not null)
            throw new UserError($"--kernel: only of our own engine, not together with --engine {Torch}");
        string?[] given =
        [
            engine is null ? null : _engine.Name,
            commands.Length > 0 ? _command.Name : null,
            parse.GetValue(_replay) is null ? null : _replay.Name,
            engine is not null || parse.GetValue(_kernel) is null ? null : _kernel.Name,
        ];
        if (given.OfType<string>().ToArray() is [var one, var other, ..])
            throw new UserError($"{other}: not together with {one}");
        if (parse.GetValue(_sandbox) && !Sandbox.IsInstalled)
            throw new UserError(
                "--sandbox: needs bubblewrap, and there is no bwrap on PATH. On Debian and Ubuntu: apt-get install bubblewrap", ExitCode.Missing);
        foreach (var option in (Option[])[_record, _jobs, _timeout, _name, _sandbox])
            if (commands.Length == 0 && parse.GetResult(option) is { Implicit: false })
                throw new UserError($"{option.Name}: only together with {_command.Name}");
    }

    private EngineUnderTest Reference(bool float32)
    {
        reference.Require();
        var torch = reference.Engine(float32);
        return new(torch.Name, [torch], 1); // one at a time: it sets the number of threads of the whole process
    }

    private static EngineUnderTest Ours(string? kernel)
    {
        try
        {
            return new(
                Scratch, [.. (kernel is null ? ScratchSubject.Kernels : [kernel]).Select(name => new ScratchSubject(name))],
                Environment.ProcessorCount);
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
    }

    private static EngineUnderTest Opened(string line, EngineCommand command, Transcript? transcript, CancellationToken cancel)
    {
        try
        {
            return EngineUnderTest.FromProcess(new ProcessSubject(command, transcript, cancel));
        }
        catch (NoGreetingException problem)
        {
            throw new NotStartedException(command.Name ?? Visible.Line(line, 60), $"--command {Visible.Line(line, 80)}: {problem.Message}");
        }
    }

    private static IReadOnlyList<string> Words(string line)
    {
        try
        {
            return ShellWords.Split(line);
        }
        catch (FormatException error)
        {
            throw new UserError($"--command {line}: {error.Message}");
        }
    }
}
