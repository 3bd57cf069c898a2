using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Protocol;
using Conformance.Suite.Reporting.Html;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Cli.Check;

/// <summary><c>new-engine</c>: a skeleton that answers the greeting, and to each case that it is not written yet.</summary>
internal sealed class NewEngineCommand : Command
{
    private const string Layers = "/* ---- the layers ---- */", Reader = "/* ---- JSON";

    private static readonly string[] CSharpFiles = ["MyEngine.cs", "MyEngine.csproj", "Directory.Build.props"];

    private readonly Option<string> _language = new("--language") { HelpName = "NAME", Description = "python, c or csharp", Required = true };

    private readonly Option<string> _out =
        new("--out") { HelpName = "DIR", Description = "where the files go; none is overwritten", DefaultValueFactory = _ => "my-engine" };

    public NewEngineCommand(Terminal terminal) : base("new-engine", "a skeleton of an engine to start from, in Python, C or C#")
    {
        Add(_language);
        Add(_out);
        SetAction(parse => Run(parse.GetValue(_language)!, parse.GetValue(_out)!, terminal));
    }

    private static int Run(string language, string directory, Terminal terminal)
    {
        var (files, built, engine) = Skeleton(language, directory);
        foreach (var (name, _) in files)
            if (Path.Combine(directory, name) is var path && Path.Exists(path))
                throw new UserError($"--out {directory}: {path} is there already, and nothing is overwritten. Give another directory.");
        var output = OutputDirectory.Open(directory);
        foreach (var (name, text) in files)
            terminal.Out.WriteLine($"written: {output.Write(name, text)}");
        terminal.Out.WriteLine(
            $"\nIt answers that nothing is written yet. Write a layer, then:\n\n    {built}{Check("", engine)}\n\n"
                + $"Before a merge, with questions that it can't know:\n\n    {Check("--gate --strict ", engine)}");
        return ExitCode.Good;
    }

    /// <summary>The files by name, the command that builds them, and the engine's own.</summary>
    private static ((string Name, string Text)[] Files, string Build, string Engine) Skeleton(string language, string directory)
    {
        var place = Path.Combine(directory, "my_engine");
        return language switch
        {
            "python" => (
                [("my_engine.py", Template("my_engine.py")), ("conformance.py", Template("conformance.py"))],
                "", $"python3 {ShellWords.Quoted(place + ".py")}"),
            "c" => (
                [("my_engine.c", CEngine())],
                $"cc -std=c99 -O2 -o {ShellWords.Quoted(place)} {ShellWords.Quoted(place + ".c")} -lm && ", ShellWords.Quoted(place)),
            "csharp" => ([.. CSharpFiles.Select(name => (name, Template(name)))],
                $"dotnet build {ShellWords.Quoted(directory)} -o {ShellWords.Quoted(Path.Combine(directory, "built"))} "
                    + "&& ", $"dotnet {ShellWords.Quoted(Path.Combine(directory, "built", "MyEngine.dll"))}"),
            _ => throw new UserError($"--language: expected python, c or csharp, got '{language}'"),
        };
    }

    /// <summary>The example in C, with layers that are still to be written in place of its own.</summary>
    private static string CEngine()
    {
        var example = Template("engine.c");
        var opening =
            "/* My engine under the conformance suite, C99 with nothing but the standard library. The layers are to be written; "
                + "the JSON reader and the protocol stand below them.\n"
            + " * Everything that one request needs is taken from an arena, which is emptied before the next. */\n";
        return (opening + example[example.IndexOf("#include", StringComparison.Ordinal)..example.IndexOf(Layers, StringComparison.Ordinal)]
            + Template("my_layers.c") + example[example.IndexOf(Reader, StringComparison.Ordinal)..]).Replace(
                "\"c-example", "\"my-engine", StringComparison.Ordinal)
            .Replace("\\\"c-example", "\\\"my-engine", StringComparison.Ordinal);
    }

    private static string Template(string name) => Resource.Text(name, typeof(NewEngineCommand));

    private static string Check(string options, string engine) => $"{ProgramName.Text} check {options}--command {ShellWords.Quoted(engine)}";
}
