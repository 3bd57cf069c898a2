using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Conformance.Cli;
using Conformance.Cli.Torch;

namespace Conformance.Tests.Examples;

/// <summary>
/// Finds and runs the programs that the examples need. If a program is missing, a test is skipped with the reason; under CI it fails.
/// </summary>
internal static class Programs
{
    private static readonly Lazy<string?> NumPyInterpreter = PythonWith("numpy"),
        TorchInterpreter = PythonWith("torch"),
        OnnxInterpreter = PythonWith("onnx");

    public static string Examples { get; } = Path.Combine(Repository.Root, "conformance-tests", "examples");

    public static string Python() => TryRun("python3", ["--version"], "", []) is null ? throw Missing("python3") : "python3";

    /// <summary>A Python that has NumPy.</summary>
    public static string NumPy() => NumPyInterpreter.Value ?? throw Missing("NumPy");

    /// <summary>A Python that has PyTorch.</summary>
    public static string Torch() => TorchInterpreter.Value ?? throw Missing("PyTorch (Debian's python3-torch)");

    /// <summary>A Python that has ONNX, and so its checker.</summary>
    public static string Onnx() => OnnxInterpreter.Value ?? throw Missing("ONNX for Python (Debian's python3-onnx)");

    /// <summary>Compiles a C99 file without a warning.</summary>
    /// <returns>The path of the program.</returns>
    public static string Compiled(string source, string directory)
    {
        var program = Path.Combine(directory, "engine");
        var (exit, output, error) = TryRun("cc", ["-std=c99", "-Wall", "-Wextra", "-Werror", "-O2", "-o", program, source, "-lm"], "", [])
            ?? throw Missing("cc");
        Assert.That(exit, Is.Zero, output + error);
        return program;
    }

    /// <summary>Runs a program in the root of the project.</summary>
    public static (int Exit, string Output, string Error) Run(
        string program, string[] arguments, string input = "", params (string Name, string? Value)[] environment) =>
        RunIn(Repository.Root, program, arguments, input, environment);

    /// <summary>Runs a program to its end. A variable whose value is null is not handed on. Lines end with \n.</summary>
    public static (int Exit, string Output, string Error) RunIn(
        string directory, string program, string[] arguments, string input = "", params (string Name, string? Value)[] environment) =>
        TryRun(program, arguments, input, environment, directory) ?? throw new FileNotFoundException($"{program} can't be started");

    /// <summary>A program that a test listens to or ends itself: no exit code is an exception.</summary>
    public static Command Command(string program, params string[] arguments) =>
        CliWrap.Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(Repository.Root).WithValidation(CommandResultValidation.None);

    /// <summary>
    /// The same for a program that gets SIGINT: a script in the background has it ignored, and what it starts inherits that. coreutils' env gives
    /// the program what a terminal would.
    /// </summary>
    public static Command Interruptible(string program, params string[] arguments) =>
        OperatingSystem.IsLinux() ? Command("env", ["--default-signal=INT", program, .. arguments]) : Command(program, arguments);

    /// <summary>Sends a signal, by its number.</summary>
    public static void Signal(int process, int signal) => Run("kill", [$"-{signal}", $"{process}"]);

    /// <summary>The command line in this process.</summary>
    public static (int Exit, string Output, string Error) Conformance(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = CommandLine.Run(args, new(output, error, Interactive: false, Color: false), new TorchReference(), CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }

    private static Lazy<string?> PythonWith(string package) => new(() =>
        Array.Find(["python3", "/usr/bin/python3"], python => TryRun(python, ["-c", $"import {package}"], "", [])?.Exit == 0));

    private static (int Exit, string Output, string Error)? TryRun(
        string program, string[] arguments, string input, (string Name, string? Value)[] environment, string? directory = null)
    {
        try
        {
            var result = Command(program, arguments).WithWorkingDirectory(directory ?? Repository.Root)
                .WithStandardInputPipe(PipeSource.FromString(input))
                .WithEnvironmentVariables(environment.ToDictionary(variable => variable.Name, variable => variable.Value))
                .ExecuteBufferedAsync().GetAwaiter().GetResult();
            return (result.ExitCode, result.StandardOutput.ReplaceLineEndings("\n"), result.StandardError.ReplaceLineEndings("\n"));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static Exception Missing(string what) => Lacking.Skip($"there is no {what} on this machine");
}
