using System.Globalization;
using Conformance.Engine.Checkpoints;

namespace Conformance.Cli.Shared;

/// <summary>Which training wrote a weights file, and when: its metadata says so, since another training's file has the same name.</summary>
/// <param name="Training">A hash of all that the training was told.</param>
/// <param name="Epoch">The epoch whose weights they are.</param>
internal sealed record WeightsWriter(string Training, int Epoch)
{
    private const string TrainingField = "training", EpochField = "epoch";

    /// <summary>What a file says; null where it does not say it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static WeightsWriter? Read(string path)
    {
        var said = Safetensors.Load(path).Metadata;
        return said.GetValueOrDefault(TrainingField) is { } training
            && int.TryParse(said.GetValueOrDefault(EpochField), CultureInfo.InvariantCulture, out var epoch) ? new(training, epoch) : null;
    }

    public void AddTo(IDictionary<string, string> metadata) =>
        (metadata[TrainingField], metadata[EpochField]) = (Training, Epoch.ToString(CultureInfo.InvariantCulture));
}
