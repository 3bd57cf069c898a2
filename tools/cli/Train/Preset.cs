using System.Text.Json;
using System.Text.Json.Serialization;
using Conformance.Cli.Shared;
using Conformance.Engine.Data;
using Conformance.Engine.Files;
using Conformance.Engine.Kernels;
using Conformance.Engine.Losses;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Schedules;
using Conformance.Engine.Tensors;

namespace Conformance.Cli.Train;

/// <summary>A training as data: what is trained, how and for how long. Presets are such files, and <c>--preset FILE</c> takes any other.</summary>
/// <param name="Conformance">The version of the format: 1.</param>
/// <param name="Model">As <c>--model</c> takes it.</param>
internal sealed record Preset(int Conformance, string Name, string Model, OptimizerChoice Optimizer, LossChoice Loss, int Epochs, int Batch)
{
    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file of its own, never part of a page
    };

    public string Description { get; init; } = "";

    /// <summary>What the source leaves open and is assumed here.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>What the source says it reached, in its own words.</summary>
    public string? Claim { get; init; }

    /// <summary>The test accuracy, 0–1, that it is meant to reach as a mean over seeds; nothing depends on it.</summary>
    public double? Goal { get; init; }

    public ScheduleChoice? Schedule { get; init; }

    /// <summary>The last images of the training set, kept out of training to choose by.</summary>
    public int Validation { get; init; }

    /// <summary>Epochs without a better validation accuracy after which training stops.</summary>
    public int? Patience { get; init; }

    public bool DropLast { get; init; }

    /// <summary>How each training image is changed each time it is seen.</summary>
    public Augmentation? Augmentation { get; init; }

    public CorruptionChoice? Corruption { get; init; }

    /// <summary>Those that have a name, each a JSON file beside <c>tools/cli/Train/Presets</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(Preset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("preset.", StringComparison.Ordinal))
        .Select(name => name["preset.".Length..^".json".Length])
        .Order(StringComparer.Ordinal)];

    /// <param name="preset">A name, or the path of a JSON file.</param>
    /// <exception cref="UserError">It is neither, or not a right one; the message names file and field.</exception>
    public static Preset Resolve(string preset)
    {
        if (Names.Contains(preset))
        {
            using var stream = typeof(Preset).Assembly.GetManifestResourceStream($"preset.{preset}.json")!;
            using var reader = new StreamReader(stream);
            return Parse(reader.ReadToEnd(), $"{preset}.json");
        }
        if (!preset.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new UserError($"--preset: expected a name ({string.Join(", ", Names)}) or a file ending in .json, got '{preset}'");
        if (!File.Exists(preset))
            throw new UserError($"--preset {preset}: expected a JSON file, but there is none");
        return Parse(BoundedReader.ReadText(preset), preset);
    }

    /// <exception cref="UserError">The text is no right preset.</exception>
    public static Preset Parse(string json, string origin)
    {
        Preset preset;
        try
        {
            preset = JsonSerializer.Deserialize<Preset>(json, _options) ?? throw new UserError($"{origin}: expected an object, got null");
        }
        catch (JsonException error)
        {
            // The message may quote all that follows.
            var message = error.Message.Length <= 500 ? error.Message : error.Message[..250] + " … " + error.Message[^250..];
            throw new UserError($"{origin}: {message}");
        }
        preset.Check(origin);
        return preset;
    }

    /// <summary>The augmentation with the jitter of the corruption; null where neither is.</summary>
    [JsonIgnore]
    public Augmentation? TrainingAugmentation => Corruption is { PixelJitter: > 0 } or { AdditiveJitter: > 0 }
        ? (Augmentation ?? new()) with { PixelJitter = Corruption.PixelJitter, AdditiveJitter = Corruption.AdditiveJitter }
        : Augmentation;

    public string ToJson() => JsonSerializer.Serialize(this, _options) + "\n";

    private void Check(string origin)
    {
        Expect(Conformance == 1, "conformance", "1", Conformance);
        Expect(Name.Length > 0 && !Name.Any(char.IsControl), "name", "a text on one line", JsonSerializer.Serialize(Name));
        Expect(Epochs >= 1, "epochs", "a whole number above 0", Epochs);
        Expect(Batch >= 1, "batch", "a whole number above 0", Batch);
        Expect(Validation >= 0, "validation", "a whole number of 0 or more", Validation);
        Expect(Patience is null or >= 1, "patience", "a whole number above 0", Patience);
        Expect(Goal is null or (> 0 and <= 1), "goal", "a share above 0, at most 1", Goal);
        Expect(Patience is null || Validation > 0, "patience", "a validation split to watch", Patience);
        try
        {
            Optimizer.Create([]);
            Loss.Create(null);
            Schedule?.Create(Optimizer, steps: 100, stepsInEpoch: 10);
            _ = new Augmenter(TrainingAugmentation ?? new(), 0, 1, 1);
        }
        catch (ArgumentException error)
        {
            throw new UserError($"{origin}: {error.Message.Split(" (Parameter")[0]}");
        }

        void Expect(bool holds, string field, string expected, object? actual)
        {
            if (!holds)
                throw new UserError($"{origin}: {field}: expected {expected}, got {actual}");
        }
    }
}

/// <summary>
/// Data spoilt on purpose, seeded: training images anew each time they are seen, validation and test images once; test labels never.
/// </summary>
/// <param name="Labels">The share of the training set's labels that become one of the nine others; those of the validation split among them.</param>
internal sealed record CorruptionChoice(double PixelJitter = 0, double AdditiveJitter = 0, double Labels = 0);

/// <summary>An optimiser by PyTorch's names: <c>sgd</c>, <c>adam</c>, <c>adamw</c>.</summary>
internal sealed record OptimizerChoice(string Type, double Lr, double Momentum = 0, double WeightDecay = 0, bool Nesterov = false)
{
    /// <exception cref="ArgumentException">There is no such optimiser, or an option is out of range.</exception>
    public Optimizer Create(IReadOnlyList<Parameter> parameters, KernelChoice? kernels = null) => Type switch
    {
        "sgd" => new Sgd(parameters, Lr, Momentum, 0, WeightDecay, Nesterov, kernels),
        "adam" => new Adam(parameters, Lr, weightDecay: WeightDecay, kernels: kernels),
        "adamw" => new AdamW(parameters, Lr, weightDecay: WeightDecay, kernels: kernels),
        _ => throw new ArgumentException($"optimizer.type: expected sgd, adam, adamw, got '{Type}'"),
    };
}

/// <summary>A loss by its functional name.</summary>
internal sealed record LossChoice(string Type, double Q = 0.7, double LabelSmoothing = 0)
{
    /// <exception cref="ArgumentException">There is no such loss, or an option is out of range.</exception>
    public ClassificationLoss Create(KernelChoice? kernels) => Type switch
    {
        "cross_entropy" => new CrossEntropyLoss(labelSmoothing: (float)LabelSmoothing, kernels: kernels),
        "generalized_cross_entropy" => new GeneralizedCrossEntropyLoss(q: (float)Q, kernels: kernels),
        _ => throw new ArgumentException($"loss.type: expected cross_entropy, generalized_cross_entropy, got '{Type}'"),
    };
}

/// <summary>A schedule of the learning rate over the whole training; its highest rate is the optimiser's.</summary>
/// <param name="Type"><c>one_cycle</c>, <c>cosine</c> (to 0 at the end), or <c>step</c> (every so many epochs).</param>
internal sealed record ScheduleChoice(string Type, int StepEpochs = 1, double Gamma = 0.1, double PctStart = 0.3, bool CycleMomentum = false)
{
    /// <exception cref="ArgumentException">There is no such schedule, or an option is out of range.</exception>
    public Schedule Create(OptimizerChoice optimizer, int steps, int stepsInEpoch) => Type switch
    {
        "one_cycle" => new OneCycleSchedule(optimizer.Lr, steps, PctStart, cycleMomentum: CycleMomentum),
        "cosine" => new CosineSchedule(optimizer.Lr, steps),
        "step" when StepEpochs >= 1 => new StepSchedule(optimizer.Lr, (int)Math.Min(int.MaxValue, (long)StepEpochs * stepsInEpoch), Gamma),
        "step" => throw new ArgumentException($"schedule.step_epochs: expected a whole number above 0, got {StepEpochs}"),
        _ => throw new ArgumentException($"schedule.type: expected one_cycle, cosine, step, got '{Type}'"),
    };
}
