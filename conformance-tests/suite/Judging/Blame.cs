using System.Globalization;
using Conformance.Oracle;
using Conformance.Oracle.Operations;

namespace Conformance.Suite.Judging;

/// <summary>The layer that makes a network wrong.</summary>
/// <param name="Layer">Its name: <c>conv2</c>.</param>
/// <param name="Tensor">The first wrong result of the layer, as <c>outputs.conv2</c> or <c>gradients.conv2.weight</c>.</param>
/// <param name="First">The first wrong element; null if the tensor as a whole is wrong.</param>
public sealed record Blame(string Layer, string Tensor, Mismatch? First)
{
    private static readonly string[] ForwardOrder = [.. LeNetNetwork.Layers, "logits", "loss"];

    /// <summary>
    /// Finds the first layer, forward and then backward, whose inputs are correct and one of whose results is not. Later wrong results may only
    /// follow from it. Null if the network is correct or its layers were not answered.
    /// </summary>
    public static Blame? Find(CaseReport report)
    {
        if (AllOperations.KindOf(report.Question.Case.Op) is not OperationKind.Network
            || !report.Question.Expected.Outputs.ContainsKey(LeNetNetwork.Layers[0]))
            return null;
        var wrong = report.Tensors.Where(tensor => !tensor.Passes).ToDictionary(tensor => tensor.Name);
        foreach (var name in ForwardOrder)
            if (wrong.TryGetValue("outputs." + name, out var output))
                return new(name == "logits" ? "fc3" : name, output.Name, FirstOf(output));

        // In the backward pass, a layer's results are the gradients of its parameters and of its input, which is the output of the layer before.
        for (var i = ForwardOrder.Length - 1; i >= 0; i--)
        {
            var layer = ForwardOrder[i] == "logits" ? "fc3" : ForwardOrder[i];
            var before = layer == "loss" ? "logits" : i == 0 ? "input" : ForwardOrder[i - 1];
            foreach (var name in new[] { $"{layer}.weight", $"{layer}.bias", before })
                if (wrong.TryGetValue("gradients." + name, out var gradient))
                    return new(layer, gradient.Name, FirstOf(gradient));
        }
        return null;
    }

    private static Mismatch? FirstOf(TensorComparison tensor) => tensor.First.Count > 0 ? tensor.First[0] : null;

    public override string ToString()
    {
        var pass = Tensor.StartsWith("outputs.", StringComparison.Ordinal) ? "forward" : "backward";
        var where = First is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture, $" at {Tensor64.Text([.. First.Index])}: expected {First.Expected:G9}, got {First.Actual:G9}");
        return $"first wrong layer, {pass}: {Layer}. What comes into it agrees, {Tensor} does not{where}";
    }
}
