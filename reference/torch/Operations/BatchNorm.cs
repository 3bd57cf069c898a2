using Conformance.Oracle;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch.Operations;

/// <summary>
/// Batch normalisation of input <c>[N,C]</c>, <c>[N,C,L]</c> (batch_norm1d) or <c>[N,C,H,W]</c> (batch_norm2d) by channel, with the batch's
/// statistics (<c>training</c>) or the running ones, and optional weight <c>[C]</c> and bias <c>[C]</c>. Outputs: <c>output</c>, and
/// <c>running_mean</c> and <c>running_var</c> after the call.
/// <para>PyTorch's modules add two things to the function, which are reproduced here. With <c>momentum</c> null the factor is
/// 1/(<c>num_batches_tracked</c> + 1). One value per channel in training is refused, which TorchSharp's <c>batch_norm</c> accepts.</para>
/// </summary>
internal static class BatchNorm
{
    public static TorchOperation Operation1d { get; } = ForRanks("batch_norm1d", 2, 3);

    public static TorchOperation Operation2d { get; } = ForRanks("batch_norm2d", 4);

    private static TorchOperation ForRanks(string name, params int[] ranks) => new(name, (inputs, attributes) => Forward(inputs, attributes, ranks))
    {
        Constants = ["running_mean", "running_var", "num_batches_tracked"],
    };

    private static Dictionary<string, Tensor> Forward(TorchInputs inputs, Attributes attributes, int[] ranks)
    {
        var (input, training) = (inputs["input"], attributes.Flag("training"));
        var shape = input.shape;
        if (!ranks.Contains(shape.Length))
            throw new ArgumentException($"expected {string.Join("D or ", ranks)}D input (got {shape.Length}D input)");
        if (training && shape.Where((_, axis) => axis != 1).Aggregate(1L, (product, extent) => product * extent) == 1)
            throw new ArgumentException($"Expected more than 1 value per channel when training, got input size [{string.Join(", ", shape)}]");

        var momentum = attributes.Has("momentum") ? attributes.Number("momentum") : 1 / (inputs["num_batches_tracked"].ToTensor64()[0] + 1);
        var (mean, variance) = (inputs["running_mean"].clone(), inputs["running_var"].clone()); // torch changes them in place
        var output = functional.batch_norm(
            input, mean, variance, inputs.Optional("weight"), inputs.Optional("bias"), training, momentum, attributes.Number("eps"));
        return new() { ["output"] = output, ["running_mean"] = mean, ["running_var"] = variance };
    }
}
