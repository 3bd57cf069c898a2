using Conformance.Cli.Compare;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Cli.Compare;

/// <summary>A reference that is none but for the two sides of a comparison.</summary>
internal sealed class FakeReference(ISides sides) : ICompareReference
{
    public string? Unavailable { get; init; }

    public string Provider => sides.Provider;

    public string? Float32 => "float32 as the test says";

    public bool IsFloat32Right => true;

    public IOracle Oracle => throw new InvalidOperationException("no test asks it");

    public ISubject Engine(bool float32) => throw new InvalidOperationException("no test asks it");

    public ISides OpenSides(IReadOnlyList<string> data, Action<string> say, CancellationToken cancel) => sides;
}
