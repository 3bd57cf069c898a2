extern alias StandIn;

using Conformance.Torch;
using NUnit.Framework;
using StandIn::TorchSharp.Modules;
using static StandIn::TorchSharp.torch;

namespace Conformance.Tests.Torch;

/// <summary>Tensors are freed with their scopes, without waiting for the garbage collector.</summary>
public sealed class MemoryTests
{
    // Measured: 5 to 18 MB, the managed heap's; 95 MB after a thousand steps without their scope, though the collector finalised most tensors.
    private const int Limit = 64 << 20;

    [OneTimeSetUp]
    public void Torch() => LiveTorch.Require();

    [TestCase(1_000)]
    [TestCase(10_000, Category = "Long")]
    public void Training_steps_keep_memory_flat(int steps)
    {
        using var baseline = new LeNetBaseline(LeNetCase.Weights(), LeNetCase.LearningRate, LeNetCase.Momentum, 1);
        Train(baseline, 200);
        var before = Environment.WorkingSet;

        Train(baseline, steps);

        var growth = Environment.WorkingSet - before;
        TestContext.Out.WriteLine($"memory grew by {growth / 1024.0 / 1024.0:f1} MB in {steps} steps");
        Assert.That(growth, Is.LessThan(Limit));
    }

    /// <summary>A state outlives the step that made it and the scope around that; then it ends with its optimiser, not with the collector.</summary>
    [Test]
    public void An_optimisers_state_ends_with_it()
    {
        if (typeof(TorchOracle).Assembly.GetReferencedAssemblies().All(name => name.Name != typeof(Tensor).Assembly.GetName().Name))
            Assert.Ignore("reference/torch is built on TorchSharp itself here");
        using var parameter = new Parameter(tensor([1.0, 2.0], [2]));
        OptimizerHelper[] optimizers = [optim.SGD([parameter], 0.1, 0.9), optim.Adam([parameter]), optim.AdamW([parameter])];
        List<Tensor> states = [];
        foreach (var optimizer in optimizers)
        {
            using (NewDisposeScope())
            {
                parameter.flatten().backward([tensor([1.0, 1.0], [2])]);
                optimizer.step();
            }
            states.AddRange(optimizer.state_dict().State.Single() switch
            {
                SGD.State state => [state.momentum_buffer!],
                Adam.State state => [state.exp_avg, state.exp_avg_sq],
                AdamW.State state => [state.exp_avg, state.exp_avg_sq],
                var other => throw new InvalidOperationException($"a state that the test does not know: {other}"),
            });
        }

        Assert.That(states.Select(state => state.shape.Single()), Is.EqualTo([2, 2, 2, 2, 2]), "after the step");
        foreach (var optimizer in optimizers)
            optimizer.Dispose();
        foreach (var state in states)
            Assert.That(() => state.shape, Throws.InvalidOperationException.With.Message.Contains("empty handle"));
    }

    private static void Train(LeNetBaseline baseline, int steps) =>
        baseline.TrainEpoch(LeNetCase.Pixels, LeNetCase.Labels, [.. Enumerable.Range(0, steps).Select(i => i % 4)], 1);
}
