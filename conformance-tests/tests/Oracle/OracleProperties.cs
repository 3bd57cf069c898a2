using System.Globalization;
using Conformance.Oracle;
using Conformance.Torch;
using Fill = Conformance.Oracle.Fill;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Properties of the oracle at any geometry. Its gradients are those of its own forward pass, its layers of taps are their own adjoints, and its
/// answers are those of TorchSharp. Every operation in the tables is tested.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class OracleProperties
{
    /// <summary>How far float64 may be from the truth, in units of B: some thousands of its roundings.</summary>
    private const double LastBits = 1e-12;

    private static IEnumerable<TestCaseData> WithGradients() => Tests(
        Geometries.Operations.Where(name => Answer(AllOperations.Draw(AllOperations.Named(name).RandomId(1, 0)!)).Gradients.Count > 0));

    private static IEnumerable<TestCaseData> OfTaps() => Tests(Geometries.Operations.Where(name => AllOperations.Named(name) is TapOperation));

    private static IEnumerable<TestCaseData> KnownToTorch() => Tests(Geometries.Operations.Intersect(TorchOracle.Names));

    private static IEnumerable<TestCaseData> Tests(IEnumerable<string> operations) => operations.Select(name => LongOnes.Operations.AsTest(name));

    [Test]
    public void ThereAreOperations() => Assert.Multiple(() =>
    {
        Assert.That(
            WithGradients().Select(test => test.Arguments[0]),
            Is.SupersetOf(new[] { "conv2d", "linear", "max_pool2d", "cross_entropy", "batch_norm1d", "batch_norm2d" }));
        Assert.That(OfTaps().Select(test => test.Arguments[0]), Is.SupersetOf(new[] { "conv2d", "linear", "max_pool2d" }));
        Assert.That(
            KnownToTorch().Select(test => test.Arguments[0]),
            Is.SupersetOf(new[] { "conv2d", "linear", "max_pool2d", "cross_entropy", "batch_norm1d", "batch_norm2d" }));
    });

    /// <summary>
    /// Compares the derivative of ⟨output, cotangent⟩ along a random direction with a difference quotient. Layers of taps are linear in each of
    /// their operands, or piecewise linear. There the quotient is the derivative, to the last bit on integers. Elsewhere a five-point quotient is
    /// close to it. A loss that is NaN (a mean over nothing) has no derivative.
    /// </summary>
    [TestCaseSource(nameof(WithGradients))]
    public void TheGradientIsTheDifferenceQuotient(string operation) =>
        Geometries.Check(operation, 60, layerCase => AgainstTheQuotient(layerCase, null));

    /// <summary>
    /// The test above can fail: it sees some of the gradient mistakes of each operation. Many others show only at ties, or in tensors of their own.
    /// </summary>
    [TestCaseSource(nameof(WithGradients))]
    public void AWrongGradientIsNoDifferenceQuotient(string name)
    {
        var operation = AllOperations.Named(name);
        var wrong = operation.Defects.Where(defect => defect is not AcceptDefect && !defect.In(Passes.Forward)).ToArray();
        var cases = Enumerable.Range(0, 30).Select(number => AllOperations.Draw(operation.RandomId(1, number)!)).ToArray();
        var seen = wrong.Where(defect => cases.Any(layerCase => AgainstTheQuotient(layerCase, defect) is not null)).ToArray();
        TestContext.Out.WriteLine(
            $"{name}: {seen.Length} of {wrong.Length} wrong gradients are seen; "
                + $"not {string.Join(", ", wrong.Except(seen).Select(defect => defect.Id))}");
        Assert.That(seen, Is.Not.Empty);
    }

    private static string? AgainstTheQuotient(LayerCase drawn, Defect? defect)
    {
        var taps = AllOperations.Named(drawn.Op) is TapOperation;
        var (layerCase, linear) = (AwayFromKinks(Finite(drawn), taps), taps && drawn.Inputs.ContainsKey("weight"));
        if (double.IsNaN(Objective(layerCase)))
            return null;
        // What the rounding of f can come to, before it is divided by the step: the last bits of the results, and of what they are made of.
        var answer = Answer(layerCase, defect);
        var noise = Objective(layerCase, Math.Abs)
            + Dot(Unit(layerCase, answer, "outputs.output"), Cotangent(layerCase, answer.Outputs["output"]).Select(Math.Abs));
        foreach (var (name, gradient) in answer.Gradients)
        {
            if (!gradient.HasShape(layerCase.Input(name).Shape))
                continue; // a mistake of shape: there is no direction to go along
            var direction = new Fill(1, drawn.Id, $"direction.{name}").Integers(-1, 1, gradient.Shape);
            var step = taps ? linear ? 1 : 0.25 : Math.ScaleB(1, -16);
            var (derivative, magnitude) = (Dot(gradient, direction), Dot(gradient.Select(Math.Abs), direction.Select(Math.Abs)));
            var quotient = taps ? (At(1) - At(-1)) / (2 * step) : (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * step);
            var allowed = linear && drawn.Tier == Tier.Exact ? 0
                : taps ? LastBits * (magnitude + noise)
                : 1e-7 * magnitude + 1e-9 * noise;
            if (!(Math.Abs(quotient - derivative) <= allowed))
                return string.Create(
                    CultureInfo.InvariantCulture, $"along a direction of {name} the derivative is {derivative:R}, the quotient {quotient:R}");

            double At(int steps) => Objective(Moved(layerCase, name, direction, steps * step));
        }
        return null;
    }

    /// <summary>
    /// ⟨y − b, dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩: the matrix that forward applies to x (or to w) is the transpose of the one that backward
    /// applies to dy. For pools and ReLU, whose taps are selected or scaled, the gradient goes back to where the output came from. It is exact on
    /// integers.
    /// </summary>
    [TestCaseSource(nameof(OfTaps))]
    public void BackwardIsTheAdjointOfForward(string operation) => Geometries.Check(operation, 200, drawn =>
    {
        var layerCase = Finite(drawn);
        var (answer, dy) = (Answer(layerCase), layerCase.Cotangents["output"]);
        var (output, bias) =
            (Dot(answer.Outputs["output"], dy), answer.Gradients.TryGetValue("bias", out var db) ? Dot(layerCase.Input("bias"), db) : 0);
        var allowed = layerCase.Tier == Tier.Exact ? 0 : LastBits * Dot(Unit(layerCase, answer, "outputs.output"), dy.Select(Math.Abs));
        foreach (var name in answer.Gradients.Keys.Except(["bias"]))
            if (Dot(layerCase.Input(name), answer.Gradients[name]) + bias is var back && !(Math.Abs(output - back) <= allowed))
                return string.Create(
                    CultureInfo.InvariantCulture, $"⟨y, dy⟩ is {output:R}, but ⟨{name}, its gradient⟩ and the bias's come to {back:R}");
        return null;
    });

    [TestCaseSource(nameof(KnownToTorch))]
    public void TheOracleAnswersAsTorchDoes(string operation)
    {
        LiveTorch.Require();
        var (torch, largest, where) = (new TorchOracle(), 0.0, "everywhere");
        Geometries.Check(operation, 200, layerCase =>
        {
            var (right, answers) = (torch.Evaluate(layerCase), Answer(layerCase).Tensors.ToDictionary());
            if (!right.Tensors.Select(pair => pair.Key).ToHashSet().SetEquals(answers.Keys))
                return $"torch answers {string.Join(", ", right.Tensors.Select(pair => pair.Key))}, the oracle {string.Join(", ", answers.Keys)}";
            foreach (var (name, expected) in right.Tensors)
            {
                var (actual, unit) = (answers[name], Unit(layerCase, right, name));
                if (!actual.HasShape(expected.Shape))
                    return $"{name} is {expected} by torch, {actual} by the oracle";
                for (var i = 0; i < expected.Length; i++)
                {
                    if (expected[i].Equals(actual[i]) || expected[i] == actual[i])
                        continue;
                    var disagreement = Math.Abs(actual[i] - expected[i]) / unit[i];
                    if (!(disagreement <= LastBits))
                        return string.Create(
                            CultureInfo.InvariantCulture,
                            $"{name} at {Tensor64.Text(expected.IndexOf(i))} is {expected[i]:R} by torch, {actual[i]:R} by the "
                                + $"oracle: {disagreement:G3} B apart");
                    if (disagreement > largest)
                        (largest, where) = (disagreement, $"{layerCase.Id}, {name}");
                }
            }
            return null;
        });
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operation}: at most {largest:G3} B apart, {where}"));
    }

    /// <summary>
    /// B of each element of a tensor: for taps the sum of absolute values, otherwise the factor of u in the bound. It is 0 where the answer is exact.
    /// </summary>
    private static Tensor64 Unit(LayerCase layerCase, LayerResult answer, string tensor)
    {
        if (AllOperations.Named(layerCase.Op) is TapOperation taps)
            return taps.Magnitudes(layerCase).Tensors.First(pair => pair.Key == tensor).Value;
        var (bound, i) = (AllOperations.Named(layerCase.Op).Bound(layerCase, answer), 0);
        return answer.Tensors.First(pair => pair.Key == tensor).Value.Select(_ => bound.At(tensor, i++) / ErrorBound.U);
    }

    private static LayerResult Answer(LayerCase layerCase, Defect? defect = null) => AllOperations.Named(layerCase.Op).Evaluate(layerCase, defect);

    /// <summary>NaN and infinities become 1/2: there is no derivative at them, and no sum.</summary>
    private static LayerCase Finite(LayerCase layerCase) =>
        layerCase with
        {
            Inputs = layerCase.Inputs.ToDictionary(pair => pair.Key, pair => pair.Value.Select(value => double.IsFinite(value) ? value : 0.5))
        };

    /// <summary>
    /// Moves the input off the points where a derivative jumps. For pools and other taps that select, it becomes distinct halves of odd numbers in
    /// random order, which steps of a quarter neither reorder nor bring to 0. For other operations it is moved off the integers.
    /// </summary>
    private static LayerCase AwayFromKinks(LayerCase layerCase, bool taps)
    {
        var x = layerCase.Input("input");
        if (taps && !layerCase.Inputs.ContainsKey("weight"))
        {
            var (order, dice) = (Enumerable.Range(0, x.Length).ToArray(), new Fill(1, layerCase.Id, "order"));
            for (var i = order.Length - 1; i > 0; i--)
                if (dice.Pick(0, i) is var j)
                    (order[i], order[j]) = (order[j], order[i]);
            return With(layerCase, "input", new(x.Shape, [.. order.Select(rank => rank - x.Length / 2 + 0.5)]));
        }
        return taps || x.Data.ToArray().Any(value => !double.IsInteger(value))
            ? layerCase
            : With(layerCase, "input", x.Select(value => value + 0.25));
    }

    private static LayerCase Moved(LayerCase layerCase, string name, Tensor64 direction, double by)
    {
        var (tensor, i) = (layerCase.Input(name), 0);
        return With(layerCase, name, tensor.Select(value => value + by * direction[i++]));
    }

    private static LayerCase With(LayerCase layerCase, string name, Tensor64 tensor) =>
        layerCase with { Inputs = new Dictionary<string, Tensor64>(layerCase.Inputs) { [name] = tensor } };

    /// <summary>
    /// ⟨output, cotangent⟩, or the loss itself where there is no cotangent. With <paramref name="of"/> it is taken of the absolute values.
    /// </summary>
    private static double Objective(LayerCase layerCase, Func<double, double>? of = null)
    {
        var output = AllOperations.Named(layerCase.Op) is TapOperation taps ? taps.Forward(layerCase) : Answer(layerCase).Outputs["output"];
        var cotangent = Cotangent(layerCase, output);
        return of is null ? Dot(output, cotangent) : Dot(output.Select(of), cotangent.Select(of));
    }

    private static Tensor64 Cotangent(LayerCase layerCase, Tensor64 output) =>
        layerCase.Cotangents.GetValueOrDefault("output") ?? output.Select(_ => 1);

    private static double Dot(Tensor64 a, Tensor64 b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
