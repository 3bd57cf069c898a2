using System.Globalization;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Data;
using Conformance.Engine.Kernels;
using Conformance.Engine.Networks;

namespace Conformance.Cli.Shared;

/// <summary>
/// A network with its weights, as a file: a PyTorch state dict in safetensors, which says in its metadata which network it belongs to. One that
/// PyTorch wrote does not say so; then <c>--model</c> does.
/// </summary>
/// <param name="Model">What the network is.</param>
/// <param name="Network">With the weights, in evaluation.</param>
internal sealed record WeightsFile(NetworkDefinition Model, Sequential Network)
{
    /// <summary>What <c>train</c> calls it.</summary>
    public const string Name = "weights.safetensors";

    /// <summary>What a training goes on from; it lies beside the weights and is none.</summary>
    public const string CheckpointName = "checkpoint.safetensors";

    private const string ModelField = "model";

    /// <summary>What was changed to make the file fit.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What files say of a network beside its numbers: the definition, and the normalisation of the pixels.</summary>
    public static Dictionary<string, string> Metadata(NetworkDefinition model) => new()
    {
        [ModelField] = model.ToJson(),
        ["mean"] = Normalization.Mean.ToString(CultureInfo.InvariantCulture),
        ["std"] = Normalization.Deviation.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The file of a network.</summary>
    /// <param name="writer">Which training wrote it, and after which epoch; null if no training did.</param>
    public static byte[] ToBytes(NetworkDefinition model, Sequential network, WeightsWriter? writer = null)
    {
        var metadata = new Dictionary<string, string>(Metadata(model)) { ["format"] = "pt" }; // pt: what readers for PyTorch ask for
        writer?.AddTo(metadata);
        return new Safetensors(StateDict.FromModule(network), metadata).ToBytes();
    }

    /// <param name="path">A safetensors file: <see cref="Name"/> of a training, or a state dict that PyTorch wrote.</param>
    /// <param name="model">As <c>--model</c> takes it, in place of what the file says; null for that.</param>
    /// <param name="kernels">Which kernels compute the network; the fast ones if null.</param>
    /// <exception cref="UserError">There is no such file or model, the file is damaged or does not say its model, the weights are those of another
    /// network, or no network can compute with them.</exception>
    public static WeightsFile Load(string path, string? model = null, KernelChoice? kernels = null)
    {
        try
        {
            if (path.Length == 0)
                throw new UserError("--weights: expected a file, got an empty name");
            var file = Safetensors.Load(path);
            foreach (var (field, ours) in new[] { ("mean", Normalization.Mean), ("std", Normalization.Deviation) })
                if (file.Metadata.GetValueOrDefault(field) is { } given && given != ours.ToString(CultureInfo.InvariantCulture))
                    throw new UserError(
                        $"{path}: {field}: expected pixels normalised as here, by {ours.ToString(CultureInfo.InvariantCulture)}, got '{given}'");
            if (file.Metadata.ContainsKey("optimizer_steps"))
                throw new UserError(
                    $"{path}: expected the weights of a network, got the checkpoint of a training; its weights are in {Name} beside it");
            var definition = (model, file.Metadata.GetValueOrDefault(ModelField)) switch
            {
                ({ } given, _) => NamedNetworks.Resolve(given),
                (_, { } said) => NetworkReader.Parse(said, $"{path}: {ModelField}"),
                _ => throw new UserError($"{path}: the file does not say which network its weights belong to; say it with --model"),
            };
            var network = definition.Build(seed: 0, kernels);
            var (state, notes) = ForeignState.Fit(file.Tensors, StateDict.FromModule(network).Keys);
            StateDict.Load(network, state, path);
            network.Training = false;
            SoundNetwork.Check(network, definition.Input, path);
            return new(definition, network) { Notes = notes };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or NetworkException)
        {
            throw new UserError(error.Message);
        }
    }

    /// <summary>The same for a command: it says the <see cref="Notes"/>.</summary>
    public static WeightsFile Load(string path, string? model, Terminal terminal)
    {
        var weights = Load(path, model);
        foreach (var note in weights.Notes)
            terminal.Say("note", $"{path}: {note}");
        return weights;
    }
}
