using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Cli.Shared;

/// <summary>
/// The reference, which is torch, as far as commands ask for it. The command line itself carries none, so that it stays small and packs as a tool;
/// <c>tools/cli-torch</c> is the same with torch.
/// </summary>
internal interface IReference
{
    /// <summary>Null where torch can be asked; else one line that says why not, and what still works.</summary>
    string? Unavailable { get; }

    /// <summary>Which it is, such as <c>TorchSharp 0.107.0 (libtorch 2.10.0)</c>.</summary>
    string Provider { get; }

    /// <summary>Whether its float32 is right on this machine, in one line; null where there is none.</summary>
    string? Float32 { get; }

    /// <summary>Whether its float32 is right on this machine.</summary>
    bool IsFloat32Right { get; }

    /// <summary>Its answers, in float64.</summary>
    IOracle Oracle { get; }

    /// <summary>Torch as an engine under the suite, in float32 or float64.</summary>
    /// <exception cref="UserError">Float32 is asked for, and is wrong on this machine whatever is done.</exception>
    ISubject Engine(bool float32);

    /// <exception cref="UserError">Torch can't be asked.</exception>
    void Require()
    {
        if (Unavailable is { } reason)
            throw new UserError(reason, ExitCode.Missing);
    }
}
