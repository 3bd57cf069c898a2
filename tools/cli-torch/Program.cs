using Conformance.Cli;
using Conformance.Cli.Torch;

return CommandLine.RunProcess(args, new TorchReference());
