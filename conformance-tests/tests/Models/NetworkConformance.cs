using Conformance.Engine;
using Conformance.Oracle;

namespace Conformance.Tests.Models;

/// <summary>Every network that has a name, and some configurations: one step with all outputs, gradients and running statistics, against live torch.</summary>
internal sealed class NetworkConformance
{
    private static readonly Dictionary<string, Lazy<(NetworkStep Step, StepLimits Limits)>> Steps =
        Models().ToDictionary(name => name, name => new Lazy<(NetworkStep, StepLimits)>(() =>
        {
            var step = NetworkStep.Clear(NetworkDefinition.Of(name));
            return (step, new StepLimits(step.Expected, step.Float32()));
        }));

    private static string[] Models() => [.. Networks.Names, "c8pc8p", "c16rpc16r", "pc4"];

    [OneTimeSetUp]
    public void NeedsTorch() => LiveTorch.Require();

    [Test]
    public void AStepIsThatOfTorch([ValueSource(nameof(Models))] string name, [Values("clear", "fast")] string kernel)
    {
        var (step, limits) = Steps[name].Value;
        var actual = step.Ours(Kernels.Named(kernel));
        var errors = limits.Errors(actual).ToArray();
        TestContext.Out.WriteLine($"{name} {kernel}: worst {errors.MaxBy(tensor => tensor.Error)}");

        Assert.That(errors.Where(tensor => !(tensor.Error <= 1)), Is.Empty);
        Assert.That(actual.Tensors.Select(tensor => tensor.Key), Is.EquivalentTo(step.Expected.Tensors.Select(tensor => tensor.Key)));
    }

    /// <summary>Each mistake in one tensor, as an engine would make it: the limit must be narrow enough to see it.</summary>
    [Test]
    public void AMistakeInOneTensorIsSeen([ValueSource(nameof(Models))] string name)
    {
        var (step, limits) = Steps[name].Value;
        foreach (var (tensor, gradient) in step.Ours(Kernels.Fast).Gradients)
            foreach (var (mistake, change) in Mistakes())
                Assert.That(limits.Error("gradients." + tensor, change(gradient)), Is.GreaterThan(1).Or.NaN, $"{mistake} in {tensor}");
    }

    private static IEnumerable<(string Name, Func<Tensor64, Tensor64> Change)> Mistakes() =>
    [
        ("the sign", gradient => Map(gradient, (value, _) => -value)),
        ("a thousandth too much", gradient => Map(gradient, (value, _) => 1.001 * value)),
        ("nothing", gradient => Map(gradient, (_, _) => 0)),
        ("the largest element lost", WithoutTheLargest),
        ("NaN", gradient => Map(gradient, (value, i) => i == 0 ? double.NaN : value)),
    ];

    private static Tensor64 WithoutTheLargest(Tensor64 tensor)
    {
        var largest = Enumerable.Range(0, tensor.Length).MaxBy(i => Math.Abs(tensor[i]));
        return Map(tensor, (value, i) => i == largest ? 0 : value);
    }

    private static Tensor64 Map(Tensor64 tensor, Func<double, int, double> change) =>
        new(tensor.Shape, [.. Enumerable.Range(0, tensor.Length).Select(i => change(tensor[i], i))]);
}
