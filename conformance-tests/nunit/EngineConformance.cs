using Conformance.Suite;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;
using NUnit.Framework;

namespace Conformance.NUnit;

/// <summary>
/// The conformance suite as NUnit tests. Derive from this class and return your engine; <c>dotnet test</c> then runs one test per case, named by the
/// case's id. A case that the engine does not offer is skipped and never counted as passed. At the end the reports of the command line are written to
/// <see cref="Output"/>.
/// </summary>
/// <remarks>The class is instantiated once more to find the tests, so its constructor should do little work.</remarks>
public abstract class EngineConformance
{
    private ConformanceRun? _run;

    /// <summary>The engine that is judged.</summary>
    protected abstract ISubject Engine { get; }

    /// <summary>
    /// The kernels of an engine that has several: one subject per kernel, with distinct <see cref="ISubject.Kernel"/>. Each is judged in every case.
    /// </summary>
    protected virtual IReadOnlyList<ISubject> Kernels => [Engine];

    /// <summary>The operations to ask, such as <c>conv2d</c>; by default those that the engine declares, or all.</summary>
    protected virtual IReadOnlyList<string>? Operations => null;

    /// <summary>Whether to run the quick set only: a few cases in which every known mistake is still visible.</summary>
    protected virtual bool Quick => false;

    /// <summary>
    /// The path of a known-failures file with lines <c>PATTERN [kernel=NAME] REASON</c>, relative to the test's directory; null for none.
    /// </summary>
    protected virtual string? KnownFailures => null;

    /// <summary>
    /// The folder for the reports: a subfolder with the class's name, in the folder of the environment variable <c>CONFORMANCE_OUT</c>, or in
    /// <c>conformance</c> in the test's working directory.
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

    /// <summary>Judges one case.</summary>
    [EveryCase]
    public void Answers_right(CaseName name)
    {
        var outcome = Run.Judge(name);
        if (outcome.Failure is not null)
            Assert.Fail(outcome.Failure);
        if (outcome.Skipped is not null)
            Assert.Ignore(outcome.Skipped);
    }

    /// <summary>Fails if the engine offers none of the cases, because a run in which all tests are skipped is no success.</summary>
    [Test]
    public void Anything_is_judged() => Assert.That(Run.JudgesAnything(), "the engine offers none of the cases");

    /// <summary>Fails if an entry of the known-failures file is no longer true.</summary>
    [Test]
    public void Known_failures_still_fail()
    {
        if (Run.StaleKnownFailures() is { } stale)
            Assert.Fail(stale);
    }

    /// <summary>Writes the reports of the judged cases.</summary>
    [OneTimeTearDown]
    public void Write_the_reports()
    {
        foreach (var path in Run.Write(Output))
            TestContext.Progress.WriteLine($"conformance: {path}");
    }
}
