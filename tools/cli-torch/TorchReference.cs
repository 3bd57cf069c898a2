using Conformance.Cli.Compare;
using Conformance.Cli.Shared;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Torch;

namespace Conformance.Cli.Torch;

/// <summary>Torch for the commands that ask for it.</summary>
internal sealed class TorchReference : ICompareReference
{
    /// <exception cref="UserError"><c>CONFORMANCE_ONEDNN</c> has a wrong value.</exception>
    public string? Unavailable => TorchRuntime.WrongSetting is { } mistake ? throw new UserError(mistake)
        : TorchRuntime.Unavailable is { } reason
        ? $"{reason}. All works without torch but compare, fixtures regenerate, fixtures diff and check --engine torch"
        : null;

    public string Provider => TorchRuntime.Provider;

    public string? Float32 => TorchRuntime.Float32?.Text;

    public IOracle Oracle => new TorchOracle();

    public bool IsFloat32Right => TorchRuntime.Float32 is { IsRight: true };

    public ISubject Engine(bool float32) => float32 && TorchRuntime.Float32 is { IsUsable: false } health
        ? throw new UserError($"torch: {health.Text}", ExitCode.Missing)
        : new TorchSubject(float32);

    public ISides OpenSides(IReadOnlyList<string> data, Action<string> say, CancellationToken cancel) => LeNetSides.Open(data, say, cancel);
}
