using System.Globalization;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Training;

/// <summary>The loss of a training step became NaN or infinite. The step's update was not made.</summary>
public sealed class DivergedException : ArithmeticException
{
    private DivergedException(long step, string layer, double value, string message) : base(message) => (Step, Layer, Value) = (step, layer, value);

    /// <summary>The trainer's step, from 1.</summary>
    public long Step { get; }

    /// <summary>
    /// The first layer whose output contains a number that is not finite; <c>input</c> if the images do, <c>loss</c> if only the loss does.
    /// </summary>
    public string Layer { get; }

    /// <summary>The first number that is not finite.</summary>
    public double Value { get; }

    internal static DivergedException Locate(long step, Sequential net, double loss)
    {
        var (layer, value, where) = FirstNotFinite(net) ?? ("loss", loss, "the loss");
        var weight = net.Parameters.FirstOrDefault(
            parameter => parameter.Name.StartsWith(layer + ".", StringComparison.Ordinal) && !IsFinite(parameter.Value));
        string cause = weight is null ? "its input and its weights are finite" : $"so does its {weight.Name}";
        if (layer is "loss" or "input")
            cause = "the weights are as before this step";
        return new(step, layer, value, string.Create(CultureInfo.InvariantCulture,
            $"trainer: expected a finite loss, got {loss} in step {step}: {where} holds {value} first; {cause}. A smaller learning rate may help."));
    }

    private static (string Layer, double Value, string Where)? FirstNotFinite(Sequential net)
    {
        if (NotFinite(net.Chain.InputOf(net.NamedLayers[0].Layer)!) is double given)
            return ("input", given, "the input");
        foreach (var (name, layer) in net.NamedLayers)
            if (NotFinite(net.Chain.OutputOf(layer)!) is double value)
                return (name, value, $"the output of {name} ({layer.Operation})");
        return null;
    }

    private static bool IsFinite(Tensor tensor) => NotFinite(tensor) is null;

    private static double? NotFinite(Tensor tensor)
    {
        foreach (float value in tensor.ToArray())
            if (!float.IsFinite(value))
                return value;
        return null;
    }
}
