using Conformance.Engine.Data;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Training;

/// <summary>Runs a network on images without training it.</summary>
public static class Inference
{
    private const int Batch = 256;

    /// <summary>
    /// Computes the network's output for each image, normalised as in training. The network runs in evaluation mode (dropout keeps all elements,
    /// batch norm uses its running statistics), and its mode is restored afterwards.
    /// </summary>
    /// <returns>The logits, <c>[N, classes]</c>, row-major.</returns>
    /// <exception cref="ArgumentException">The network does not accept images of that size, or its output is not one row per image.</exception>
    public static Tensor Logits(Sequential net, ImageSet data)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(data);
        int[] output = net.OutputShapeOf([1, data.Height, data.Width]);
        if (output is not [var classes])
            throw new ArgumentException(
                $"inference: expected a network that gives a row of numbers for each image, "
                + $"got one that gives [{string.Join(", ", output)}]", nameof(net));
        bool training = net.Training;
        net.Training = false;
        try
        {
            var logits = Tensor.Zeros(data.Count, classes);
            int size = data.Height * data.Width;
            var pixels = new float[Math.Min(Batch, data.Count) * size];
            for (int done = 0; done < data.Count; done += Batch)
            {
                int images = Math.Min(Batch, data.Count - done), at = 0;
                for (int image = done; image < done + images; image++)
                    foreach (byte pixel in data.Image(image))
                        pixels[at++] = Normalization.FromByte(pixel);
                net.Forward(
                    pixels.AsSpan(0, images * size), [images, 1, data.Height, data.Width], logits.Span.Slice(done * classes, images * classes));
            }
            return logits;
        }
        finally
        {
            net.Training = training;
        }
    }
}
