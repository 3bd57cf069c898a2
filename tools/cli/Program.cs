using Conformance.Cli;

return CommandLine.RunProcess(args, new NoReference());
