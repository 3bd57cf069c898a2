using Conformance.Engine.Kernels;
using Conformance.Engine.Layers;
using Conformance.Engine.Losses;
using Conformance.Engine.Optimizers;

namespace Conformance.Tests.Engine.Kernels;

/// <summary>CONFORMANCE_KERNEL, which holds for the whole process.</summary>
[NonParallelizable]
internal sealed class KernelVariableTests
{
    [Test]
    public void TheEnvironmentForcesAKernel([Values("clear", "fast")] string forced)
    {
        string? before = Environment.GetEnvironmentVariable(KernelChoice.Variable);
        Environment.SetEnvironmentVariable(KernelChoice.Variable, forced);
        try
        {
            Assert.That(new Conv2d(1, 1, 1, kernels: KernelChoice.Clear).KernelName, Is.EqualTo(forced));
            Assert.That(new Linear(1, 1, kernels: KernelChoice.Fast).KernelName, Is.EqualTo(forced));
            Assert.That(new CrossEntropyLoss().KernelName, Is.EqualTo(forced));
            Assert.That(new Sgd([], 1).KernelName, Is.EqualTo(forced));
            Assert.That(KernelChoice.InForce(KernelChoice.Fast).Name, Is.EqualTo(forced));
            Assert.That(KernelChoice.InForce(null).Name, Is.EqualTo(forced));
            Environment.SetEnvironmentVariable(KernelChoice.Variable, "quick");
            Assert.That(() => new ReLU(), Throws.ArgumentException.With.Message.Contains("CONFORMANCE_KERNEL: expected clear or fast, got 'quick'"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(KernelChoice.Variable, before);
        }
    }
}
