using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Oracle;

namespace Conformance.Tests.Oracle;

/// <summary>The example in reference/oracle/README.md, read from the page and computed: its tensors, its taps, its bounds and its defect.</summary>
internal sealed partial class OraclePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "reference", "oracle", "README.md")).Replace('−', '-');

    private static readonly TapOperation Conv2d = (TapOperation)AllOperations.Named("conv2d");

    /// <summary>The page's geometry with the page's numbers.</summary>
    private static readonly LayerCase Example = AllOperations.Draw("conv2d/" + Id().Match(Page).Groups[1].Value) with
    {
        Inputs = new[] { "input", "weight", "bias" }.ToDictionary(name => name, Stated),
        Cotangents = new Dictionary<string, Tensor64> { ["output"] = Stated("cotangent") },
    };

    [Test]
    public void TheAnswersAreTheOracles()
    {
        var answer = Conv2d.Evaluate(Example).Tensors.ToDictionary();
        Assert.That(answer.Keys, Has.Count.EqualTo(4));
        foreach (var (name, tensor) in answer)
            Same(name, tensor);
    }

    /// <summary>The oracle's taps, found out by asking for each product alone: input element i is 1 and weight element k is 1, the rest 0.</summary>
    [Test]
    public void TheTapsAreTheOracles()
    {
        var stated = TapLine()
            .Matches(Page)
            .SelectMany(line => Place().Matches(line.Groups[2].Value).Select(tap => $"y[{line.Groups[1].Value}] {tap.Value}"));
        var taps =
            from i in Enumerable.Range(0, 6)
            from k in Enumerable.Range(0, 4)
            let y = Conv2d.Forward(
                Example with { Inputs = new Dictionary<string, Tensor64> { ["input"] = One([1, 1, 2, 3], i), ["weight"] = One([1, 1, 2, 2], k) } })
            from o in Enumerable.Range(0, 4)
            where y[o] == 1
            select $"y[{o / 2},{o % 2}] x[{i / 3},{i % 3}]·w[{k / 2},{k % 2}]";
        Assert.That(stated, Is.EquivalentTo(taps));

        static Tensor64 One(int[] shape, int at) =>
            new(shape, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => i == at ? 1.0 : 0)]);
    }

    [Test]
    public void TheBoundsAreTheOracles()
    {
        var (magnitudes, terms) = (Conv2d.Magnitudes(Example), Conv2d.TermCounts(Example));
        var bounded = Example with { Tier = Tier.Bounded };
        var bound = Conv2d.Bound(bounded, Conv2d.Evaluate(bounded)).Tensors["outputs.output"];
        Assert.Multiple(() =>
        {
            Same("B of output", magnitudes.Outputs["output"]);
            Same("K of output", terms.Outputs["output"]);
            Same("bound of output", bound.Select(value => Math.Round(value / ErrorBound.U, 6)));
            Same("B of weight", magnitudes.Gradients["weight"]);
            Same("K of weight", terms.Gradients["weight"]);
        });
    }

    /// <summary>
    /// The largest sums of the page are reached when every window lies inside the image and every number is the largest that is drawn.
    /// </summary>
    [Test]
    public void TheBudgetsAreTheLargestSums()
    {
        var whole = AllOperations.Draw("conv2d/n1c1h3w3-o1-k2");
        var answer = Conv2d.Evaluate(whole with
        {
            Inputs = new Dictionary<string, Tensor64>
            {
                ["input"] = All(whole.Input("input"), 5),
                ["weight"] = All(whole.Input("weight"), 4),
                ["bias"] = All(whole.Input("bias"), 9)
            },
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = All(whole.Cotangents["output"], 3) },
        });
        Assert.Multiple(() =>
        {
            Assert.That(Budget("output"), Is.EqualTo(Largest(answer.Outputs["output"])));
            Assert.That(Budget("input"), Is.EqualTo(Largest(answer.Gradients["input"])));
            Assert.That(Budget("weight"), Is.EqualTo(Largest(answer.Gradients["weight"])));
        });

        static Tensor64 All(Tensor64 like, double value) => like.Select(_ => value);
        static double Largest(Tensor64 tensor) => tensor.Data.ToArray().Max();
        static double Budget(string of) =>
            double.Parse(Regex.Match(Page, $@"budget of {of} .*? = (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [Test]
    public void TheDefectIsTheOracles() =>
        Same("kernel-rotated", Conv2d.Evaluate(Example, AllOperations.DefectOf("conv2d.kernel-rotated")).Outputs["output"]);

    private static void Same(string name, Tensor64 tensor)
    {
        var stated = Stated(name);
        Assert.That(stated.Shape.ToArray(), Is.EqualTo(tensor.Shape.ToArray()), name);
        Assert.That(stated.Data.ToArray(), Is.EqualTo(tensor.Data.ToArray()), name);
    }

    /// <summary>A line such as <c>    K of output  [1,1,2,2]   3 2   5 3</c>.</summary>
    private static Tensor64 Stated(string name)
    {
        var line = Regex.Match(Page, $@"^    {Regex.Escape(name)} +\[([\d,]+)\] +([-\d ]+)$", RegexOptions.Multiline);
        Assert.That(line.Success, $"the page states no '{name}'");
        return new(
            [.. line.Groups[1].Value.Split(',').Select(extent => int.Parse(extent, CultureInfo.InvariantCulture))],
            [.. line.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture))]);
    }

    [GeneratedRegex("In an id: `([^`]+)`")]
    private static partial Regex Id();

    [GeneratedRegex(@"^    y\[(\d,\d)\]((?: +x\[\d,\d\]·w\[\d,\d\])+)$", RegexOptions.Multiline)]
    private static partial Regex TapLine();

    [GeneratedRegex(@"x\[\d,\d\]·w\[\d,\d\]")]
    private static partial Regex Place();
}
