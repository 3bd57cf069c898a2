using System.CommandLine;

namespace Conformance.Cli.Shared;

/// <summary>Which trained weights a command takes, the same wherever it does.</summary>
internal static class WeightsOption
{
    public static Option<string> Create() => new("--weights")
    {
        HelpName = "FILE",
        Description = "safetensors, as train writes them and PyTorch loads them",
        DefaultValueFactory = _ => Path.Combine(OutputDirectory.DefaultFor("train"), WeightsFile.Name),
    };

    public static Option<string?> Model() => new("--model")
    {
        HelpName = "MODEL",
        Description = "the network that the weights belong to, where the file does not say so: "
            + "a name, a configuration such as c16pc16, or a JSON file",
    };
}
