using System.Text.Json;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Fixtures;

/// <summary>
/// Reads <c>fixtures/&lt;op&gt;/&lt;case&gt;.json</c>, format version 1, written by <see cref="VectorText"/>. The content of the id (attributes,
/// shapes, repetition, refusal) must agree with the file.
/// </summary>
public static class VectorFile
{
    public const int Version = 1;

    private static readonly string[] Fields =
        ["conformance", "id", "op", "attributes", "tier", "repeat", "catches", "inputs", "cotangent", "expected", "bounds", "rms", "separation",
            "provenance"];

    private static readonly string[] Halves = ["outputs", "gradients"];

    /// <exception cref="FixtureException">The file is invalid. The message names file and field.</exception>
    public static StoredVector Read(string path) => JsonFile.Read(path, Read);

    internal static StoredVector Read(JsonField root)
    {
        root.MayHave(Fields);
        if (root["conformance"].Int is var version && version != Version)
            throw root["conformance"].Error($"version {version}, this suite reads {Version}");
        var (id, op) = (root["id"].Text, root["op"].Text);
        if (!AllOperations.Names.Contains(op))
            throw root["op"].Error($"unknown operation '{op}': there are {string.Join(", ", AllOperations.Names)}");
        if (!id.StartsWith(op + "/", StringComparison.Ordinal)
            || !Path.GetFullPath(root.File).Replace('\\', '/').EndsWith($"/{id}.json", StringComparison.Ordinal))
            throw root["id"].Error($"'{id}' belongs into another file");
        var known = AllOperations.Named(op).Defects.Select(defect => defect.Id).ToHashSet();
        if (root["catches"].Items.FirstOrDefault(item => !known.Contains(item.Text)) is { File: not null } unknown)
            throw unknown.Error($"'{unknown.Text}' is no known defect of {op}: there are {string.Join(", ", known)}");
        if (root["attributes"].Json.ValueKind != JsonValueKind.Object)
            throw root["attributes"].Error("expected an object");

        var spelled = Spelled(root["id"], id);
        var refused = root["expected"].Optional("refused")?.Text;
        var layerCase = new LayerCase(id, op, Attributes.FromJson(root["attributes"].Json), TierOf(root["tier"]),
            Float32(root["inputs"], id), refused is null ? Float32(root["cotangent"], id) : [],
            [.. root["catches"].Items.Select(item => item.Text)])
        {
            Refused = refused,
            Repeat = root.Optional("repeat")?.Int ?? 1,
        };
        RequireAsSpelled(root, layerCase, spelled);

        var provenance = root["provenance"];
        provenance.MayHave("reference", "generator", "referenceFloat32Error");
        return new(
            QuestionOf(root, layerCase, "the stored vector, " + provenance["reference"].Text),
            root["separation"].Members.ToDictionary(item => item.Key, item => item.Value.Number),
            new(provenance["reference"].Text, provenance["generator"].Text, provenance["referenceFloat32Error"].Number));
    }

    private static Question QuestionOf(JsonField root, LayerCase layerCase, string source)
    {
        var expected = root["expected"];
        foreach (var (field, allowed) in new[] { ("bounds", layerCase.Tier == Tier.Bounded
            && layerCase.Refused is null), ("rms", layerCase.Tier == Tier.Bounded && layerCase.Refused is null),
            ("cotangent", layerCase.Refused is null) })
            if (!allowed && root.Optional(field) is { } none)
                throw none.Error($"{(layerCase.Refused is null ? "the exact tier" : "a refused case")} has none");
        if (layerCase.Refused is not null)
        {
            expected.MayHave("refused");
            return new(layerCase, LayerResult.Empty, ErrorBound.Exact, source);
        }
        expected.MayHave(Halves);
        if (Both(expected).Any(pair => pair.Value.Optional("sha256") is not null))
            return layerCase.Tier == Tier.Exact
                ? Recipe.ToQuestion(root.File, layerCase, Both(expected).ToDictionary(pair => pair.Key, pair => Hash(pair.Value)), source)
                : throw expected.Error("a recipe must be exact");
        var result = Result(expected);
        return new(layerCase, result, layerCase.Tier == Tier.Exact ? ErrorBound.Exact : Bounds(root, layerCase, result), source);
    }

    /// <summary>Draws the case of the id, which must agree with the file.</summary>
    private static LayerCase Spelled(JsonField field, string id)
    {
        try
        {
            return AllOperations.Draw(id);
        }
        catch (ArgumentException error)
        {
            throw field.Error(error.Message);
        }
    }

    private static void RequireAsSpelled(JsonField root, LayerCase layerCase, LayerCase spelled)
    {
        Require("attributes", Text(layerCase.Attributes), Text(spelled.Attributes));
        Require("tier", $"{layerCase.Tier}", $"{spelled.Tier}");
        Require("repeat", $"{layerCase.Repeat}", $"{spelled.Repeat}");
        Require("expected", layerCase.Refused ?? "an answer", spelled.Refused ?? "an answer");
        Require("inputs", Shapes(layerCase.Inputs), Shapes(spelled.Inputs));
        Require("cotangent", Shapes(layerCase.Cotangents), Shapes(spelled.Cotangents));

        void Require(string field, string got, string expected)
        {
            if (got != expected)
                throw new FixtureException(root.File, field, $"{got}, where the id spells {expected}");
        }

        static string Text(Attributes attributes) =>
            string.Join(", ", attributes.All.Select(pair => $"{pair.Key} {JsonSerializer.Serialize(pair.Value)}"));
        static string Shapes(IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.Count == 0
                ? "none"
                : string.Join(", ", tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + " " + pair.Value));
    }

    private static Tier TierOf(JsonField field) => field.Text switch
    {
        "exact" => Tier.Exact,
        "bounded" => Tier.Bounded,
        var other => throw field.Error($"expected exact or bounded, got '{other}'"),
    };

    /// <summary>
    /// Reads a bound for every expected tensor: one number, or one for each element, finite and not negative. The limits on the mean errors of sums
    /// follow from the case; those of a network are in the file.
    /// </summary>
    private static ErrorBound Bounds(JsonField root, LayerCase layerCase, LayerResult expected)
    {
        var bounds = Result(root["bounds"]).Tensors.ToDictionary();
        foreach (var name in bounds.Keys.Except(expected.Tensors.Select(pair => pair.Key)))
            throw new FixtureException(root.File, $"bounds.{name}", "there is no such expected tensor");
        foreach (var (name, tensor) in expected.Tensors)
        {
            if (!bounds.TryGetValue(name, out var bound))
                throw new FixtureException(root.File, $"bounds.{name}", "missing");
            if (bound.Length != 1 && !bound.HasShape(tensor.Shape))
                throw new FixtureException(root.File, $"bounds.{name}", $"expected shape [] or {tensor}, got {bound}");
            RequireNotNegative($"bounds.{name}", bound);
        }
        return new(bounds)
        {
            Spreads = root.Optional("rms") is { } rms
                ? Result(rms).Tensors.ToDictionary(pair => pair.Key, pair => SpreadOf(pair.Key, pair.Value))
                : AllOperations.Named(layerCase.Op) is TapOperation operation
                    ? operation.Bound(layerCase, expected).Spreads
                    : new Dictionary<string, Spread>(),
        };

        Spread SpreadOf(string name, Tensor64 limits)
        {
            var tensor = expected.Tensors.FirstOrDefault(pair => pair.Key == name).Value
                ?? throw new FixtureException(root.File, $"rms.{name}", "there is no such expected tensor");
            if (limits.Rank != 1 || limits.Length == 0 || (limits.Length > 1 && (tensor.Rank == 0 || tensor.Shape[0] != limits.Length)))
                throw new FixtureException(root.File, $"rms.{name}", $"expected one limit, or one for each step of {tensor}, got shape {limits}");
            RequireNotNegative($"rms.{name}", limits);
            return new(Tensor64.Scalar(1), limits.Data.ToArray());
        }

        void RequireNotNegative(string field, Tensor64 tensor)
        {
            if (tensor.Data.ToArray().Any(value => !(value >= 0 && double.IsFinite(value))))
                throw new FixtureException(root.File, field, "expected finite numbers of 0 or more");
        }
    }

    private static LayerResult Result(JsonField field)
    {
        field.MayHave(Halves);
        return new(Tensors(field["outputs"]), Tensors(field["gradients"]));

        static Dictionary<string, Tensor64> Tensors(JsonField parent) =>
            parent.Members.ToDictionary(pair => pair.Key, pair => Tensor(pair.Value, _ => null));
    }

    /// <summary>Reads inputs and cotangents: float32 numbers, written out or as a fill.</summary>
    private static Dictionary<string, Tensor64> Float32(JsonField parent, string id) => parent.Members.ToDictionary(pair => pair.Key, pair =>
    {
        if (pair.Value.Optional("fill") is { } fill)
            return Drawn(pair.Value, fill, id);
        return Tensor(pair.Value, value => (float)value == value || double.IsNaN(value) ? null : $"{value:R} is no float32");
    });

    private static Tensor64 Tensor(JsonField field, Func<double, string?> problem)
    {
        field.MayHave("shape", "data");
        var data = new List<double>();
        foreach (var item in field["data"].Items)
            data.Add(problem(item.Number) is { } wrong ? throw item.Error(wrong) : item.Number);
        return Located(field, () => new(Shape(field), [.. data]));
    }

    private static Tensor64 Drawn(JsonField field, JsonField fill, string id)
    {
        field.MayHave("shape", "fill");
        fill.MayHave("kind", "low", "high", "seed", "name");
        if (fill["kind"].Text != "integers")
            throw fill["kind"].Error($"expected integers, got '{fill["kind"].Text}'");
        if (fill["low"].Int > fill["high"].Int)
            throw fill["low"].Error($"{fill["low"].Int} is more than high, {fill["high"].Int}");
        var recipe = new IntegerFill(fill["low"].Int, fill["high"].Int, fill["seed"].Seed, fill["name"].Text);
        return Located(field, () => Fill.Draw(recipe, id, Shape(field)));
    }

    private static TensorHash Hash(JsonField field)
    {
        field.MayHave("shape", "sha256");
        return field["sha256"].Text is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower)
            ? new(Tensor64.Text(Shape(field)), hash)
            : throw field["sha256"].Error("expected 64 lower-case hexadecimal digits");
    }

    /// <summary>The fields of all expected tensors, by the names of <see cref="LayerResult.Tensors"/>.</summary>
    private static IEnumerable<KeyValuePair<string, JsonField>> Both(JsonField expected) =>
        from half in Halves
        from pair in expected[half].Members
        select KeyValuePair.Create($"{half}.{pair.Key}", pair.Value);

    private static int[] Shape(JsonField field) =>
        [.. field["shape"].Items.Select(extent => extent.Int is >= 0 and var value ? value : throw extent.Error("expected 0 or more"))];

    private static Tensor64 Located(JsonField field, Func<Tensor64> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw field.Error(error.Message);
        }
    }
}
