using System.Security.Cryptography;
using System.Text;
using Conformance.Cli.Shared;
using Conformance.Engine.Checkpoints;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Train;

/// <summary>
/// <c>checkpoint.safetensors</c> of a training: the engine's checkpoint, the metrics so far, and what the training was told. It is read again only as
/// it was written, and only by a training that was told the same.
/// </summary>
/// <param name="path">Of the file.</param>
/// <param name="preset">As JSON.</param>
/// <param name="kernels">The name of those that compute.</param>
/// <param name="data">The fingerprint of the training images and labels.</param>
/// <param name="measured">That of the images and labels of the validation split and of the test.</param>
internal sealed class TrainingCheckpoint(string path, string preset, string kernels, string data, string measured)
{
    /// <summary>Where the metadata has the lines of <see cref="MetricsJson"/>.</summary>
    public const string Metrics = "metrics";

    public string Path => path;

    public bool Exists => File.Exists(path);

    /// <summary>A hash of all that the training was told, without its seed.</summary>
    public string Told => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{preset}\0{kernels}\0{data}")));

    /// <exception cref="InvalidDataException">It is no whole checkpoint.</exception>
    /// <exception cref="UserError">It is that of another training.</exception>
    public Safetensors Read()
    {
        var checkpoint = Safetensors.Load(path);
        var said = checkpoint.Metadata;
        if (said.GetValueOrDefault("sha256") != Checksum(checkpoint))
            throw new InvalidDataException($"{path}: expected the checkpoint of a training as it was written, got one whose checksum is another: "
                + "it is damaged, or was written by another program");
        if (said.GetValueOrDefault("preset") != preset || said.GetValueOrDefault("kernels") != kernels)
            throw new UserError($"--resume: {path} belongs to a training with other settings; give the same ones, or another --out");
        if (said.GetValueOrDefault("data") is { } other && other != data)
            throw new UserError($"--resume: {path} belongs to a training on other images or labels; give the same --set or --data, or another --out");
        if (said.GetValueOrDefault("measured") is { } others && others != measured)
            throw new UserError($"--resume: {path} belongs to a training that is measured on other test or validation images or labels; "
                + "give the same --set or --data, or another --out");
        return checkpoint;
    }

    /// <param name="metrics">The lines of <see cref="MetricsJson"/> so far.</param>
    public void Write(Safetensors checkpoint, string metrics)
    {
        var metadata = new Dictionary<string, string>(checkpoint.Metadata)
        {
            ["preset"] = preset,
            ["kernels"] = kernels,
            ["data"] = data,
            ["measured"] = measured,
            [Metrics] = metrics,
        };
        checkpoint = checkpoint with { Metadata = metadata };
        metadata["sha256"] = Checksum(checkpoint);
        AtomicFile.Write(path, checkpoint.ToBytes());
    }

    /// <summary>Of all tensors and of the other metadata: one changed bit would train on to other weights, and nobody would see it.</summary>
    private static string Checksum(Safetensors checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in checkpoint.Tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{tensor.Dtype}\0{string.Join(',', tensor.Shape)}\0"));
            hash.AppendData(tensor.Data.Span);
        }
        foreach (var (name, text) in checkpoint.Metadata.Where(field => field.Key != "sha256").OrderBy(field => field.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{text}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
