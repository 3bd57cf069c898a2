using Conformance.Cli.Compare;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Cli;

/// <summary>The reference of a command line without torch.</summary>
internal sealed class NoReference : ICompareReference
{
    public string? Unavailable => "torch is not part of this program: run this inside a clone of the repository, through tools/conformance";

    public string Provider => "none";

    public string? Float32 => null;

    public bool IsFloat32Right => false;

    public IOracle Oracle => throw new UserError(Unavailable!, ExitCode.Missing);

    public ISubject Engine(bool float32) => throw new UserError(Unavailable!, ExitCode.Missing);

    public ISides OpenSides(IReadOnlyList<string> data, Action<string> say, CancellationToken cancel) =>
        throw new UserError(Unavailable!, ExitCode.Missing);
}
