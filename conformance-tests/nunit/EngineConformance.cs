using Conformance.Suite;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using NUnit.Framework;

namespace Conformance.NUnit;

/// <summary>
/// The conformance suite as tests of one's own: derive from it, say which engine, and <c>dotnet test</c> shows one test for each case, called by the
/// case's id. A case that the engine does not offer is skipped, never passed. At the end the reports that the command line writes are in <see
/// cref="Output"/>.
/// </summary>
/// <remarks>The class is made once more to find the tests, so its constructor should do little.</remarks>
public abstract class EngineConformance
{
    private ConformanceRun? _run;

    /// <summary>What is judged.</summary>
    protected abstract ISubject Engine { get; }

    /// <summary>
    /// Where the engine has several kernels: one subject for each, told apart by <see cref="ISubject.Kernel"/>. Each is judged in every case.
    /// </summary>
    protected virtual IReadOnlyList<ISubject> Kernels => [Engine];

    /// <summary>The operations that are asked, such as <c>conv2d</c>; by default those that the engine declares, or all.</summary>
    protected virtual IReadOnlyList<string>? Operations => null;

    /// <summary>Whether a few cases will do, in which every known mistake still shows.</summary>
    protected virtual bool Quick => false;

    /// <summary>
    /// A file of what is known to fail: <c>PATTERN [kernel=NAME] REASON</c> on each line. Relative to the test's directory; null for none.
    /// </summary>
    protected virtual string? KnownFailures => null;

    /// <summary>
    /// Where the reports go: the folder in the environment variable <c>CONFORMANCE_OUT</c>, or <c>conformance</c> in the test's working directory;
    /// below it one of the class's name.
    /// </summary>
    protected virtual string Output =>
        Path.Combine(
            Environment.GetEnvironmentVariable("CONFORMANCE_OUT") is { Length: > 0 } folder
            ? folder
            : Path.Combine(TestContext.CurrentContext.WorkDirectory, "conformance"), GetType().Name);

    internal ConformanceRun Run => _run ??= new(Kernels)
    {
        Operations = Operations,
        Quick = Quick,
        KnownFailures = KnownFailures is null ? null : Path.Combine(AppContext.BaseDirectory, KnownFailures),
    };

    /// <summary>One case.</summary>
    [EveryCase]
    public void Answers_right(CaseName name)
    {
        var outcome = Run.Judge(name);
        if (outcome.Failure is not null)
            Assert.Fail(outcome.Failure);
        if (outcome.Skipped is not null)
            Assert.Ignore(outcome.Skipped);
    }

    /// <summary>Tests that are all skipped are no success.</summary>
    [Test]
    public void Anything_is_judged() => Assert.That(Run.JudgesAnything(), "the engine offers none of the cases");

    /// <summary>What the known-failures file says is still so.</summary>
    [Test]
    public void Known_failures_still_fail()
    {
        if (Run.StaleKnownFailures() is { } stale)
            Assert.Fail(stale);
    }

    /// <summary>Writes the reports of what was judged.</summary>
    [OneTimeTearDown]
    public void Write_the_reports()
    {
        foreach (var path in Run.Write(Output))
            TestContext.Progress.WriteLine($"conformance: {path}");
    }
}
