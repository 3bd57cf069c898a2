using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using Conformance.Cli.Check;
using Conformance.Cli.Compare;
using Conformance.Cli.Data;
using Conformance.Cli.Export;
using Conformance.Cli.Fixtures;
using Conformance.Cli.Predict;
using Conformance.Cli.SelfCheck;
using Conformance.Cli.Shared;
using Conformance.Cli.Train;
using Conformance.Engine.Training;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;

namespace Conformance.Cli;

/// <summary>The commands, and what a person sees when something is wrong: one line on stderr, and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>The whole of a program: arguments to exit code, with the signals that end it.</summary>
    public static int RunProcess(IReadOnlyList<string> args, ICompareReference reference)
    {
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8; // elsewhere it is already

        // The first Ctrl-C asks the command to stop between two steps, and ends the process where it does not; a second one ends it at once.
        var interrupt = new CancellationTokenSource(); // never disposed: Ctrl-C may come until the very end
        Console.CancelKeyPress += (_, press) => press.Cancel = IsFirst();

        // A job that is cancelled gets SIGTERM, one whose terminal is closed SIGHUP: the same, so that no engine is left behind.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        var exitCode = Run(args, Terminal.OfProcess(), reference, interrupt.Token);
        if (interrupt.IsCancellationRequested)
            Ending.Now(exitCode); // what was abandoned may still compute
        return exitCode;

        void Stop(PosixSignalContext context) => context.Cancel = IsFirst();

        bool IsFirst()
        {
            if (interrupt.IsCancellationRequested)
                return false;
            Ending.Demand();
            interrupt.Cancel();
            return true;
        }
    }

    /// <param name="reference">Torch, or none, or in tests something quicker.</param>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, ICompareReference reference, CancellationToken cancel)
    {
        var root = new RootCommand("A from-scratch CNN engine in C#, and the suite that proves it right.")
        {
            new CompareCommand(terminal, reference, cancel),
            new CheckCommand(terminal, reference, cancel),
            new ServeCommand(),
            new SelfCheckCommand(terminal, reference, cancel),
            new ReportCommand(terminal),
            new FixturesCommand(terminal, reference, cancel),
            new NewEngineCommand(terminal),
            new SummaryCommand(terminal),
            new TrainCommand(terminal, cancel),
            new EvaluateCommand(terminal, cancel),
            new PredictCommand(terminal, Console.OpenStandardInput),
            new ExportCommand(terminal),
            new DataCommand(terminal, cancel),
            new LauncherCommand("setup", "set up what is missing on this machine; every command does the part that it needs"),
            new LauncherCommand("test", "run the test suite, through `dotnet test`"),
        };
        root.HelpName = ProgramName.Text;

        var parse = root.Parse(args, new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
            return Fail(terminal, WrongUse(parse), ExitCode.WrongUse);
        try
        {
            return parse.Invoke(new() { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UserError error)
        {
            return Fail(terminal, error.Message, error.ExitCode);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Fail(terminal, "interrupted; nothing was written", ExitCode.Interrupted);
        }
        catch (Exception error) when (Unwrapped(error) is SuiteException || SuiteException.IsOfMachine(Unwrapped(error)))
        {
            var own = Unwrapped(error);
            return Fail(terminal, own is SuiteException ? own.Message : $"the machine has no more to give: {own.Message}", ExitCode.Missing);
        }
        catch (DivergedException error)
        {
            return Fail(terminal, error.Message, ExitCode.Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or FixtureException)
        {
            return Fail(terminal, error.Message, ExitCode.WrongUse);
        }
    }

    /// <summary>The first exception of several that parallel work threw.</summary>
    private static Exception Unwrapped(Exception error) =>
        error is AggregateException { InnerExceptions: [var first, ..] } ? Unwrapped(first) : error;

    private static int Fail(Terminal terminal, string message, int exitCode)
    {
        terminal.Say("error", message);
        return exitCode;
    }

    private static string WrongUse(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var isRoot = command is RootCommand;
        var help = $"See '{ProgramName.Text} {Path(parse.CommandResult)}--help'.";
        var expected = string.Join(
            ", ", isRoot ? command.Subcommands.Select(c => c.Name) : command.Options.Select(o => o.Name).Where(n => n != "--help"));
        var badOption = parse.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult or ArgumentResult);
        return (badOption, parse.UnmatchedTokens) switch
        {
            ({ SymbolResult: OptionResult { Tokens.Count: 0 } bare }, _) => $"{bare.Option.Name}: expected a value, got none. {help}",
            ({ } error, _) => $"{error.Message.TrimEnd('.')}. {help}",
            (_, [var token, ..]) when token.StartsWith('-') =>
                $"unknown option '{token}': expected {(isRoot ? "a command first" : expected.Length == 0 ? "none" : "one of " + expected)}. {help}",
            (_, [var token, ..]) when isRoot => $"unknown command '{token}': expected one of {expected}. {help}",
            (_, [var token, ..]) => $"unexpected '{token}' after {command.Name}. {help}",
            _ => $"no command given: expected one of {expected}. {help}",
        };
    }

    /// <summary>The words that lead to a command: <c>fixtures regenerate </c>.</summary>
    private static string Path(SymbolResult? result) =>
        result is CommandResult { Command: not RootCommand } command ? $"{Path(command.Parent)}{command.Command.Name} " : "";
}
