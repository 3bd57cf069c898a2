using Conformance.Engine.Kernels;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Check;

/// <summary>What <c>check</c> does where CONFORMANCE_KERNEL forces a kernel on the whole process.</summary>
[NonParallelizable]
internal sealed class ForcedKernelTests
{
    /// <summary>A variant that the environment keeps from running must not be reported as judged.</summary>
    [TestCase("fast", "the environment forces fast")]
    [TestCase("bogus", "expected clear or fast, got 'bogus'")]
    public void AForcedKernelIsTheOnlyOneThatCanBeJudged(string forced, string message)
    {
        Environment.SetEnvironmentVariable(KernelChoice.Variable, forced);
        try
        {
            var (exit, _, error) = Shell.Run(new FakeSides(), "check", "--kernel", "clear", "--op", "relu");
            Assert.Multiple(() =>
            {
                Assert.That(exit, Is.EqualTo(2));
                Assert.That(error, Does.Contain(message));
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable(KernelChoice.Variable, null);
        }
    }
}
