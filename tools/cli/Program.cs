using Conformance.Cli;
using Conformance.Cli.Shared;

return CommandLine.RunProcess(args, new NoReference());
