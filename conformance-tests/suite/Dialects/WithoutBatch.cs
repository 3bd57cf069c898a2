using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// An engine without a batch dimension. It is asked one question per image, [C, H, W] for [N, C, H, W] and one number for a target. Outputs and input
/// gradients are stacked again, and the gradients of parameters are added up. A loss is asked with the reduction <c>sum</c> (mse_loss for the mean
/// with <c>mean</c>), and reduced here. Operations with statistics of a batch can't be asked.
/// </summary>
internal sealed class WithoutBatch(ISubject engine) : Translator(engine)
{
    /// <summary>The operations that are asked image by image, besides losses.</summary>
    public static readonly string[] Operations =
        ["conv2d", "linear", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "relu", "leaky_relu", "tanh", "sigmoid", "dropout", "softmax",
            "log_softmax", "flatten"];

    private static readonly string[] PerImage = ["input", "mask", "target"];

    protected override IEnumerable<LayerCase> Asked(LayerCase layerCase)
    {
        if (layerCase.Op is "batch_norm1d" or "batch_norm2d")
            throw new NotSupportedException("without a batch dimension there are no statistics of a batch");
        var isLoss = BatchLoss.Is(layerCase);
        if (!isLoss && layerCase.Op != "mse_loss" && (!Operations.Contains(layerCase.Op) || layerCase.Input("input").Rank < 2))
            return [layerCase];
        var images = layerCase.Input("input").Shape[0];
        if (images == 0 || layerCase.Inputs.Any(pair => PerImage.Contains(pair.Key) && (pair.Value.Rank == 0 || pair.Value.Shape[0] != images)))
            throw new NotSupportedException("without a batch dimension there is no batch of none, nor one whose parts differ in number");
        var attributes = isLoss ? BatchLoss.Attributes(layerCase) : Shifted(layerCase);
        return Enumerable.Range(0, images).Select(n => layerCase with
        {
            Id = $"{layerCase.Id}@{n}",
            Attributes = attributes,
            Inputs = layerCase.Inputs.ToDictionary(pair => pair.Key, pair => PerImage.Contains(pair.Key) ? Part(pair.Value, n) : pair.Value),
            Cotangents = isLoss
                ? new Dictionary<string, Tensor64>()
                : layerCase.Cotangents.ToDictionary(pair => pair.Key, pair => Part(pair.Value, n)),
        });
    }

    protected override LayerResult Combine(LayerCase layerCase, IReadOnlyList<LayerCase> asked, IReadOnlyList<LayerResult> replies)
    {
        var loss = BatchLoss.Is(layerCase) ? new BatchLoss(layerCase, Declares) : null;
        var (outputs, gradients) = (new Dictionary<string, Tensor64>(), new Dictionary<string, Tensor64>());
        if (Row(replies.Select(reply => reply.Outputs.GetValueOrDefault("output"))) is { } output)
            outputs["output"] = loss?.Reduced(output) ?? output;
        foreach (var name in replies[0].Gradients.Keys)
        {
            var parts = replies.Select(
                (reply, n) =>
                reply.Gradients.GetValueOrDefault(name) is { } part ? loss is null ? part : part.Select(value => value * loss.Factor(n)) : null);
            if ((name == "input" ? Row(parts) : Sums.Add(parts)) is { } gradient)
                gradients[name] = gradient;
        }
        return new(outputs, gradients);
    }

    /// <summary>Stacks the tensors of the images along a first axis; null if one is missing or of another shape.</summary>
    private static Tensor64? Row(IEnumerable<Tensor64?> images)
    {
        var all = images.ToArray();
        return all[0] is { } first && all.All(image => image is not null && image.HasShape(first.Shape))
            ? new([all.Length, .. first.Shape], [.. all.SelectMany(image => image!.Data.ToArray())])
            : null;
    }

    private static Tensor64 Part(Tensor64 tensor, int image)
    {
        var shape = tensor.Shape[1..];
        var length = tensor.Length / tensor.Shape[0];
        return new(shape, tensor.Data.Slice(image * length, length).ToArray());
    }

    /// <summary>Axes counted from the front become one less. An operation along the batch axis can't be asked.</summary>
    private static Attributes Shifted(LayerCase layerCase)
    {
        var (attributes, rank) = (layerCase.Attributes, layerCase.Input("input").Rank);
        foreach (var name in (string[])["dim", "start_dim", "end_dim"])
            if (attributes.Has(name))
            {
                var axis = attributes.Int(name);
                if (axis == 0 || axis == -rank)
                    throw new NotSupportedException($"{name} is the batch, which the engine has not");
                attributes = attributes.With(name, axis > 0 ? axis - 1 : axis);
            }
        return attributes;
    }
}
