using Conformance.Suite;
using Conformance.Suite.Judging;
using Xunit;

namespace Sample;

/// <summary>One run for the whole class. It writes its reports when the tests are finished.</summary>
public sealed class Run : IDisposable
{
    public static ConformanceRun Suite { get; } = new(new LinearSubject());
    public void Dispose() => Suite.Write(Environment.GetEnvironmentVariable("CONFORMANCE_OUT") ?? "conformance");
}

/// <summary>One test per case.</summary>
public sealed class LinearConformance : IClassFixture<Run>
{
    public static TheoryData<string> Cases => [.. Run.Suite.Cases.Select(name => name.Id)];

    [Theory, MemberData(nameof(Cases))]
    public void Answers_right(string id)
    {
        var outcome = Run.Suite.Judge(new(id, Kernel: null));
        Assert.SkipWhen(outcome.Skipped is not null, outcome.Skipped ?? "");
        Assert.True(outcome.Failure is null, outcome.Failure);
    }
}
