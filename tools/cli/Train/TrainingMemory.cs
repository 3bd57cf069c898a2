using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Engine.Networks;

namespace Conformance.Cli.Train;

/// <summary>Says before a training that its batches are too large; the system would end the process without a word.</summary>
internal static class TrainingMemory
{
    /// <param name="images">In a batch.</param>
    /// <exception cref="UserError">A step would need more memory than there is, or a tensor of more elements than one can have.</exception>
    public static void Check(NetworkDefinition model, int images)
    {
        var layers = NetworkSummary.FromDefinition(model).Layers;
        long[] outputs = [.. layers.Select(layer => layer.OutputShape.Aggregate(1L, (size, extent) => size * extent))];
        double needed = 2.0 * sizeof(float) * images * outputs.Sum(); // each output, and its gradient
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        int fitting = (int)Math.Min(images * available / needed, Math.Min(images, (double)Array.MaxLength / outputs.Max()));
        if (fitting < images)
            throw new UserError(string.Create(CultureInfo.InvariantCulture,
                $"batch: {images} images through {model.Name} take {needed / (1 << 30):F1} GiB, and there are {available / (1 << 30):F1} GiB: ")
                + (fitting > 0 ? $"expected at most {fitting}" : "not even one image fits; take a smaller network"));
    }
}
