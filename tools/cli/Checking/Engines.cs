using System.CommandLine;
using Conformance.Scratch;
using Conformance.Suite;

namespace Conformance.Cli.Checking;

/// <summary>One engine under judgement, with each of its kernels.</summary>
internal sealed record Engine(string Name, IReadOnlyList<ISubject> Subjects);

/// <summary>The options that say which engines are judged.</summary>
internal sealed class Engines
{
    private readonly Option<string?> _kernel = new("--kernel") { HelpName = "NAME", Description = "one kernel variant alone: clear or fast" };

    public IReadOnlyList<Option> Options => [_kernel];

    /// <exception cref="UserError">There is no such engine or kernel.</exception>
    public IReadOnlyList<Engine> Open(ParseResult parse)
    {
        var kernel = parse.GetValue(_kernel);
        try
        {
            return [new("scratch", [.. (kernel is null ? ScratchSubject.Kernels : [kernel]).Select(name => new ScratchSubject(name))])];
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
    }
}
