using System.CommandLine;
using Conformance.Engine.Networks;

namespace Conformance.Cli.Shared;

/// <summary><c>--model</c>, the same wherever a command takes one: a name, the notation of configurations, or a JSON file.</summary>
internal static class ModelOption
{
    public static Option<string> Create() => new("--model")
    {
        HelpName = "MODEL",
        Description = "a name ('summary --list' shows them), a configuration such as c16pc16, or a JSON file",
        DefaultValueFactory = _ => "lenet",
    };

    /// <exception cref="UserError">There is no such model, or it is not right; the message names file, layer and field.</exception>
    public static NetworkDefinition Read(ParseResult parse, Option<string> option)
    {
        try
        {
            return NamedNetworks.Resolve(parse.GetValue(option)!);
        }
        catch (NetworkException error)
        {
            throw new UserError(error.Message);
        }
    }
}
