using Conformance.Engine.Kernels;
using Conformance.Engine.Networks;

namespace Conformance.Tests.Engine.Networks;

/// <summary>
/// Compares one step of every named network, and of some configurations, with live torch: all outputs, gradients and running statistics.
/// </summary>
internal sealed class NetworkConformance
{
    private static readonly string[] Names = [.. NamedNetworks.Names, "c8pc8p", "c16rpc16r", "pc4"];

    private static readonly Dictionary<string, Lazy<(NetworkStep Step, StepLimits Limits)>> Steps =
        Names.ToDictionary(name => name, name => new Lazy<(NetworkStep, StepLimits)>(() =>
        {
            var step = NetworkStep.Clear(NamedNetworks.Resolve(name));
            return (step, new StepLimits(step.Expected, step.Float32()));
        }));

    private static IEnumerable<TestCaseData> Models() => Names.Select(name => LongOnes.Networks.AsTest(name));

    [OneTimeSetUp]
    public void NeedsTorch() => LiveTorch.Require();

    [TestCaseSource(nameof(Models))]
    public void AStepIsThatOfTorch(string name) => Assert.Multiple(() =>
    {
        var (step, limits) = Steps[name].Value;
        foreach (var kernel in new[] { "clear", "fast" })
        {
            var actual = step.Ours(KernelChoice.Named(kernel));
            var errors = limits.Errors(actual).ToArray();
            TestContext.Out.WriteLine($"{name} {kernel}: worst {errors.MaxBy(tensor => tensor.Error)}");

            Assert.That(errors.Where(tensor => !(tensor.Error <= 1)), Is.Empty, kernel);
            Assert.That(actual.Tensors.Select(tensor => tensor.Key), Is.EquivalentTo(step.Expected.Tensors.Select(tensor => tensor.Key)), kernel);
        }
    });

    /// <summary>It has no part in the limits, and is one more right engine where it is right.</summary>
    [TestCaseSource(nameof(Models))]
    public void TorchsFloat32StaysWithinTheLimits(string name)
    {
        LiveTorch.RequireFloat32();
        var (step, limits) = Steps[name].Value;
        var worst = limits.Errors(step.Torch(float32: true)).MaxBy(tensor => tensor.Error);
        TestContext.Out.WriteLine($"{name} torch float32: worst {worst}");
        Assert.That(worst.Error, Is.LessThanOrEqualTo(1), worst.Name);
    }

    /// <summary>Each mistake in one tensor, as an engine would make it: the limit must be narrow enough to see it.</summary>
    [TestCaseSource(nameof(Models)), Category("Long")]
    public void AMistakeInOneTensorIsSeen(string name)
    {
        var (step, limits) = Steps[name].Value;
        Assert.Multiple(() =>
        {
            foreach (var (tensor, right) in step.Ours(KernelChoice.Fast).Tensors)
                foreach (var (mistake, wrong) in TensorMistakes.Make(right))
                    Assert.That(limits.Error(tensor, wrong), Is.GreaterThan(1).Or.NaN, $"{mistake} in {tensor}");
        });
    }
}
