using Conformance.Suite.Protocol;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>The shell that kills the engines of a process that was killed.</summary>
[Platform("Linux")]
internal sealed class SentinelTests
{
    /// <summary>The collector closes the streams of processes that nobody holds. The shell's input is not one of them.</summary>
    [Test]
    public void NoEngineEndsByACollection()
    {
        var engine = ProcessTree.Start(["sleep", "30"]);
        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.That(engine.Root.WaitForExit(500), Is.False, "the engine was killed");
        }
        finally
        {
            engine.Kill();
        }
    }
}
