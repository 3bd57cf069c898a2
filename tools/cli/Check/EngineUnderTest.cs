using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;

namespace Conformance.Cli.Check;

/// <summary>One engine under judgement, with each of its kernels.</summary>
/// <param name="Jobs">How many questions it can be asked at a time.</param>
internal sealed record EngineUnderTest(string Name, IReadOnlyList<ISubject> Subjects, int Jobs) : IDisposable
{
    /// <summary>What a person should know of it that is no verdict, one line each. Complete once it is disposed of.</summary>
    public IEnumerable<string> Notes => Subjects.OfType<ProcessSubject>().SelectMany(subject => subject.Notes);

    public static EngineUnderTest Of(ProcessSubject subject) => new(subject.Name, [subject], subject.Jobs);

    public void Dispose()
    {
        foreach (var subject in Subjects.OfType<IDisposable>())
            subject.Dispose();
    }
}
