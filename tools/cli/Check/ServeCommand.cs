using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Scratch;
using Conformance.Suite.Protocol;

namespace Conformance.Cli.Check;

/// <summary><c>serve</c>: our engine behind the protocol, on stdin and stdout, so that an author can drive it from theirs.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Option<string> _kernel = new("--kernel")
    {
        HelpName = "NAME",
        Description = "the kernel variant: clear or fast",
        DefaultValueFactory = _ => ScratchSubject.Kernels[^1],
    };

    public ServeCommand()
        : base("serve", "our engine behind the protocol: requests on stdin, answers on stdout, one JSON object a line")
    {
        Add(_kernel);
        SetAction(parse =>
        {
            ProtocolServer.Run(Subject(parse.GetValue(_kernel)!));
            return ExitCode.Good;
        });
    }

    private static ScratchSubject Subject(string kernel)
    {
        try
        {
            return new(kernel);
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
    }
}
