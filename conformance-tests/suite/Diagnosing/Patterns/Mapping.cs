using System.Globalization;
using Conformance.Oracle;

namespace Conformance.Suite.Diagnosing.Patterns;

/// <summary>
/// What the engine's elementwise function does, beside what it should: below zero, at zero, above zero, at the infinities and at NaN. Each is told as
/// a formula where one holds in every case, else by an example.
/// </summary>
internal static class Mapping
{
    private const double Near = 1e-5;

    private const string Example = "such as";

    private static readonly (string Name, Func<double, bool> Holds)[] Regions =
    [
        ("for x < 0", x => x < 0 && double.IsFinite(x)), ("at x = 0", x => x == 0), ("for x > 0", x => x > 0 && double.IsFinite(x)),
        ("at −∞", double.IsNegativeInfinity), ("at ∞", double.IsPositiveInfinity), ("at NaN", double.IsNaN),
    ];

    public static Pattern? Find(Evidence evidence)
    {
        if (AllOperations.KindOf(evidence.Op) != OperationKind.Activation || !evidence.InPlace()
            || evidence.Tensor is not ("outputs.output" or "gradients.input"))
            return null;
        var factor = evidence.Tensor == "outputs.output" ? "x" : "dy";
        var points = evidence.Wrong.SelectMany(sight => Points(sight, sight.Actual!))
            .Concat(evidence.Right.SelectMany(sight => Points(sight, sight.Expected))).ToArray();
        var parts = Regions.Select(region => Told(region.Name, [.. points.Where(point => region.Holds(point.X))], factor)).OfType<string>().ToArray();
        return parts.Length == 0 ? null : new($"what it computes {string.Join("; ", parts)}; everywhere else it is right")
        {
            CoversEdges = !parts.Any(part => part.Contains(Example, StringComparison.Ordinal)),
        };
    }

    /// <param name="Times">What a slope is a factor of: x of the output, dy of the gradient.</param>
    private sealed record Point(Sight Sight, double X, double Times, double Got, double Want, bool IsRight);

    private static IEnumerable<Point> Points(Sight sight, Tensor64 actual)
    {
        var (x, dy) = (sight.Case.Input("input"), sight.Case.Cotangents.GetValueOrDefault("output"));
        var times = sight.Comparison!.Name == "outputs.output" ? x : dy;
        for (var flat = 0; flat < x.Length && times is not null; flat++)
            yield return new(
                sight, x[flat], times[flat], actual[flat], sight.Expected[flat],
                Elements.Agree(sight.Expected[flat], actual[flat], sight.BoundAt(flat)));
    }

    private static string? Told(string region, Point[] points, string factor)
    {
        if (points.FirstOrDefault(point => !point.IsRight) is not { } wrong)
            return null;
        return (Formula(points, factor, point => point.Got), Formula(points, factor, point => point.Want)) switch
        {
            ({ } got, { } want) => $"{region}: {got} instead of {want}",
            ({ } got, null) => $"{region}: {got}, {Example} at {Number(wrong.X)} instead of {Number(wrong.Want)}",
            (null, { } want) => $"{region}: {Example} {Number(wrong.Got)} at {Number(wrong.X)} instead of {want}",
            _ => $"{region}: {Example} {Number(wrong.Got)} instead of {Number(wrong.Want)} at {Number(wrong.X)}",
        };
    }

    /// <summary>What a value is at every point; null where no simple formula holds.</summary>
    private static string? Formula(Point[] points, string factor, Func<Point, double> value)
    {
        var slope = points.Select(point => (point.Times, Value: value(point))).FirstOrDefault(one => one.Times != 0 && double.IsFinite(one.Times));
        var constant = slope.Times == 0 ? double.NaN : slope.Value / slope.Times;
        (string Text, Func<Point, double> Of)[] formulas =
        [
            ("0", _ => 0), (factor, point => point.Times), ("−" + factor, point => -point.Times), ("|x|", point => Math.Abs(point.X)),
            ($"negative_slope·{factor}", point => Slope(point) * point.Times), ($"−negative_slope·{factor}", point => -Slope(point) * point.Times),
            ($"{factor}/negative_slope", point => point.Times / Slope(point)), (Number(value(points[0])), _ => value(points[0])),
            ($"{Number(constant)}·{factor}", point => constant * point.Times),
        ];
        return formulas.FirstOrDefault(formula => points.All(point =>
            Elements.Agree(formula.Of(point), value(point), double.IsFinite(value(point)) ? Near * Math.Abs(value(point)) : 0))).Text;
    }

    private static double Slope(Point point) =>
        point.Sight.Case.Attributes.Has("negative_slope") ? point.Sight.Case.Attributes.Number("negative_slope") : double.NaN;

    private static string Number(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "∞" : "−∞"
        : value == 0 ? "0"
        : value.ToString("G4", CultureInfo.InvariantCulture);
}
