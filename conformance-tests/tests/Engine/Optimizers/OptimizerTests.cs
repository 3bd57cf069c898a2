using System.Runtime.Intrinsics;
using Conformance.Engine.Kernels;
using Conformance.Engine.Kernels.Fast;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Optimizers;

/// <summary>What the stored cases can't show of the optimisers: their bits, their state, and their place in a trainer.</summary>
public sealed class OptimizerTests
{
    /// <summary>Every optimiser, with and without its options.</summary>
    internal static IEnumerable<TestCaseData> Optimizers()
    {
        TestCaseData Case(string name, Func<IReadOnlyList<Parameter>, KernelChoice?, Optimizer> create) =>
            new TestCaseData(create).SetArgDisplayNames(name);
        return
        [
            Case("sgd", (parameters, kernels) => new Sgd(parameters, 0.1, kernels: kernels)),
            Case("sgd dampened, decayed", (parameters, kernels) => new Sgd(parameters, 0.1, 0.9, 0.3, 0.01, kernels: kernels)),
            Case("sgd nesterov, decayed", (parameters, kernels) => new Sgd(parameters, 0.1, 0.9, 0, 0.01, true, kernels)),
            Case("adam", (parameters, kernels) => new Adam(parameters, 0.01, kernels: kernels)),
            Case("adam decayed", (parameters, kernels) => new Adam(parameters, 0.01, 0.8, 0.95, 1e-6, 0.1, kernels)),
            Case("adamw", (parameters, kernels) => new AdamW(parameters, 0.01, weightDecay: 0.1, kernels: kernels)),
        ];
    }

    [TestCaseSource(nameof(Optimizers))]
    public void ClearAndFastHaveTheSameBits(Func<IReadOnlyList<Parameter>, KernelChoice?, Optimizer> create) =>
        Assert.That(Trained(create, KernelChoice.Fast, 3), Is.EqualTo(Trained(create, KernelChoice.Clear, 3)).And.None.NaN);

    [TestCaseSource(nameof(Optimizers))]
    public void StateAndStepsAreAllThatACheckpointNeeds(Func<IReadOnlyList<Parameter>, KernelChoice?, Optimizer> create)
    {
        var parameter = Parameter();
        var first = create([parameter], null);
        Step(first, 0, 2);
        var resumed = create([parameter], null);
        foreach (var (name, state) in first.State)
            resumed.State[name][0].CopyFrom(state[0].ToArray());
        resumed.Steps = first.Steps;
        Step(resumed, 2, 5);

        Assert.That(resumed.Steps, Is.EqualTo(5));
        Assert.That(parameter.Value.ToArray(), Is.EqualTo(Trained(create, null, 5)[..parameter.Value.Length]));
    }

    /// <summary>
    /// The first step with momentum is not dampened, even when it follows a resume: v = g = 1 in the third step, and v = 0.9 + ½ in the fourth.
    /// </summary>
    [Test]
    public void ResumedBeforeItsFirstMomentumItGoesOnAsTheOneThatNeverStopped()
    {
        var parameter = new Parameter("p", Tensor.From([0], 1), Tensor.From([1], 1));
        var sgd = new Sgd([parameter], 1, momentum: 0, dampening: 0.5) { Steps = 2 };
        sgd.Momentum = 0.9;
        sgd.Step();
        sgd.Step();
        Assert.That(parameter.Value.Span[0], Is.EqualTo(-(1 + 0.9f + 0.5f)).Within(1e-6f));
    }

    [Test]
    public void StateHasTheNamesOfPytorch()
    {
        Assert.That(new Sgd([Parameter()], 1).State.Keys, Is.EqualTo(new[] { "momentum_buffer" }));
        Assert.That(new Adam([Parameter()]).State.Keys, Is.EqualTo(new[] { "exp_avg", "exp_avg_sq" }));
        Assert.That(new AdamW([Parameter()]).State.Keys, Is.EqualTo(new[] { "exp_avg", "exp_avg_sq" }));
        Assert.That((new Adam([]).Operation, new AdamW([]).Operation, new AdamW([]).WeightDecay), Is.EqualTo(("adam", "adamw", 0.01)));
    }

    [Test]
    public void MomentumMayChangeBetweenSteps([Values("clear", "fast")] string kernel)
    {
        var parameter = new Parameter("p", Tensor.From([0], 1), Tensor.From([1], 1));
        var sgd = new Sgd([parameter], 1, 0.5, kernels: KernelChoice.Named(kernel));
        sgd.Step(); // v = 1
        sgd.Momentum = 0.25;
        sgd.Step(); // v = 1.25
        Assert.That((parameter.Value.Span[0], sgd.MomentumBuffers[0].Span[0]), Is.EqualTo((-2.25f, 1.25f)));
        sgd.Momentum = 0;
        sgd.Step();
        Assert.That(
            (parameter.Value.Span[0], sgd.MomentumBuffers[0].Span[0]),
            Is.EqualTo((-3.25f, 1.25f)),
            "without momentum the buffer is left alone");
    }

    /// <summary>0·∞ is NaN: what has no decay must not be multiplied by it.</summary>
    [Test]
    public void WithoutDecayAnInfiniteParameterStaysWhatItIs([Values("clear", "fast")] string kernel)
    {
        var kernels = KernelChoice.Named(kernel);
        foreach (var create in new Func<Parameter, Optimizer>[]
        {
            p => new Sgd([p], 0.1, kernels: kernels),
            p => new Adam([p], 0.1, kernels: kernels),
            p => new AdamW([p], 0.1, weightDecay: 0, kernels: kernels)
        })
        {
            float[] values = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? float.PositiveInfinity : float.NaN)];
            var parameter = new Parameter("p", Tensor.From(values, 40), Fill.Normals(1, 40));
            create(parameter).Step();
            Assert.That(parameter.Value.ToArray(), Is.EqualTo(values));
        }
    }

    [Test]
    public void EveryVectorWidthGivesTheSameBits()
    {
        static float[][] Run<T>() where T : unmanaged, ISimd<T>
        {
            var results = new List<float[]>();
            foreach (var step in new SgdStep[] { new(0.1f, 0, 1, 0.01f, false), new(0.1f, 0.9f, 0.7f, 0, false), new(0.1f, 0.9f, 1, 0.01f, true) })
            {
                float[] values = Fill.Normals(1, 101).ToArray(), buffers = Fill.Normals(2, 101).ToArray();
                new FastSgd<T>().Update(values, buffers, Fill.Normals(3, 101).ToArray(), step);
                results.AddRange([values, buffers]);
            }
            foreach (float decay in new[] { 0, 0.1f })
            {
                float[] values = Fill.Normals(1, 101).ToArray(), first = Fill.Normals(2, 101).ToArray();
                float[] second = [.. Fill.Normals(4, 101).ToArray().Select(Math.Abs)];
                new FastAdam<T>().Update(
                    values, first, second, Fill.Normals(3, 101).ToArray(), new(decay, 0.99f, 0.9f, 0.1f, 0.99f, 0.01f, 0.3f, 0.2f, 1e-3f));
                results.AddRange([values, first, second]);
            }
            foreach (float smoothing in new[] { 0, 0.1f })
            {
                var o = new CrossEntropyOperands
                {
                    Targets = Fill.Labels(8, 21),
                    Losses = new float[21],
                    LossGradients = Fill.Normals(6, 21).ToArray(),
                    IgnoreIndex = 3,
                    LabelSmoothing = smoothing,
                    Weight = [1, 0.5f, 2, 0, 1, 3, 1, 0.3f, 1, 1],
                    Input = Fill.Blocked(Fill.Normals(5, 21, 10)),
                    Output = Fill.Blocked(Tensor.Zeros(21, 10)),
                    InputGradient = Fill.Blocked(Tensor.Zeros(21, 10)),
                };
                var kernel = new FastCrossEntropy<T>(o);
                for (int block = 0; block < 2; block++)
                {
                    kernel.Forward(block);
                    kernel.Backward(block);
                }
                results.AddRange([o.Losses, o.Output.ToArray(), o.InputGradient.ToArray()]);
            }
            return [.. results];
        }
        var narrow = Run<Simd128>();
        if (Vector256.IsHardwareAccelerated)
            Assert.That(Run<Simd256>(), Is.EqualTo(narrow));
        if (Vector512.IsHardwareAccelerated)
            Assert.That(Run<Simd512>(), Is.EqualTo(narrow));
        Assert.That(narrow.SelectMany(values => values), Has.None.NaN);
    }

    private static float[] Trained(Func<IReadOnlyList<Parameter>, KernelChoice?, Optimizer> create, KernelChoice? kernels, int steps)
    {
        var parameter = Parameter();
        var optimizer = create([parameter], kernels);
        Step(optimizer, 0, steps);
        return [.. parameter.Value.ToArray(), .. optimizer.State.Values.SelectMany(state => state[0].ToArray())];
    }

    private static Parameter Parameter() => new("weight", Fill.Normals(1, 5003), Tensor.Zeros(5003));

    private static void Step(Optimizer optimizer, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            optimizer.Parameters[0].Gradient.CopyFrom(Fill.Normals((ulong)step + 2, 5003).ToArray());
            optimizer.LearningRate = 0.1 / (step + 1);
            optimizer.Step();
        }
    }
}
