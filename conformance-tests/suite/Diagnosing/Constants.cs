using System.Globalization;
using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;

namespace Conformance.Suite.Diagnosing;

/// <summary>A constant that stands where an option should be read: the answer is the right one for another value.</summary>
/// <param name="Attribute">The option: <c>eps</c>.</param>
internal sealed record ConstantDefect(string Op, string Attribute, double Value) : Defect(
    string.Create(CultureInfo.InvariantCulture, $"{Op}.{Attribute}-is-{Value:0.######e0}"), Passes.All, MistakeClass.Option,
    string.Create(CultureInfo.InvariantCulture, $"{Attribute} is not read: {Value:0.######e0} stands in its place"), $"read {Attribute}")
{
    /// <summary>The case that the engine computes.</summary>
    public LayerCase Change(LayerCase layerCase) =>
        layerCase.Attributes.Has(Attribute) ? layerCase with { Attributes = layerCase.Attributes.With(Attribute, Value) } : layerCase;
}

/// <summary>
/// Constants in place of options, made for the options of an operation. They are tried where no known mistake explains a tensor.
/// </summary>
internal static class Constants
{
    private static readonly Dictionary<string, double[]> Usual = new()
    {
        ["eps"] = [0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2],
        ["momentum"] = [0, 0.01, 0.1, 0.5, 0.9, 0.99],
        ["negative_slope"] = [0, 0.01, 0.1, 0.2, 0.3, 1],
        ["label_smoothing"] = [0, 0.1],
        ["weight_decay"] = [0, 1e-4, 0.01],
        ["dampening"] = [0],
        ["p"] = [0, 0.5],
        ["q"] = [0.7],
    };

    public static IReadOnlyList<Defect> Of(Evidence evidence) =>
        [.. from option in Usual
            where evidence.Wrong.Concat(evidence.Right).Any(sight => sight.Case.Attributes.Has(option.Key))
            from value in option.Value
            select new ConstantDefect(evidence.Op, option.Key, value)];
}
