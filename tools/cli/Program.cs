using System.Runtime.InteropServices;
using System.Text;
using Conformance.Cli;
using Conformance.Cli.Comparing;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8; // elsewhere it is already

// The first Ctrl-C asks the command to stop between two steps; a second one ends the process.
var interrupt = new CancellationTokenSource(); // never disposed: Ctrl-C may come until the very end
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
};

// A job that is cancelled gets SIGTERM, one whose terminal is closed SIGHUP: the same, so that no engine is left behind.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

return CommandLine.Run(args, Terminal.OfProcess(), LeNetSides.Open, interrupt.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = !interrupt.IsCancellationRequested;
    interrupt.Cancel();
}
