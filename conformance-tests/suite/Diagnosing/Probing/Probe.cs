using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>
/// Finds the elements that an engine really multiplies for one element of a tensor. It asks the same geometry with numbers that encode their own
/// position. The oracle answers the same questions, which gives the correct elements. The result must then predict the engine's answers to random
/// numbers and to the case itself. If it does not, nothing is claimed.
/// </summary>
public static class Probe
{
    /// <summary>The most questions, because an engine may be slow.</summary>
    public const int MostQuestions = 64;

    /// <param name="like">
    /// A failing case. A smaller case needs fewer questions; an element with more than a few hundred products can't be read.
    /// </param>
    /// <param name="tensor"><c>outputs.output</c>, <c>gradients.input</c>, <c>gradients.weight</c> or <c>gradients.bias</c>.</param>
    /// <param name="element">The flat position in the tensor.</param>
    public static TapPicture Read(ISubject subject, LayerCase like, string tensor, int element)
    {
        ArgumentNullException.ThrowIfNull(like);
        var (left, right) = tensor switch
        {
            "outputs.output" => ("input", "weight"),
            "gradients.input" => (TapQuestions.Cotangent, "weight"),
            "gradients.weight" => (TapQuestions.Cotangent, "input"),
            "gradients.bias" => (TapQuestions.Cotangent, null),
            _ => ("", null),
        };
        if (AllOperations.Named(like.Op) is not TapOperation operation || left.Length == 0 || like.Refused is not null)
            return TapPicture.Unread(tensor, [element], "it is no sum of products", 0);

        var index = operation.Evaluate(like).Tensors.First(pair => pair.Key == tensor).Value.IndexOf(element);
        var engine = new TapQuestions(subject, like, tensor, element, MostQuestions);
        var oracle = new TapQuestions(new RightSubject(operation), like, tensor, element, int.MaxValue);
        right = right is null || engine.Operand(right) is null ? null : right;
        var isMaximum = operation.Name == "max_pool2d" && left == "input";
        try
        {
            var (used, expected) = (Read(engine), Read(oracle));
            if (!Predicts(used, engine, left, right))
                throw new UnreadableException(isMaximum ? "the element is not the maximum of a window" : "the element is no sum of products");
            return new(
                tensor, index, new(left, engine.Operand(left)!), right is null ? null : new(right, engine.Operand(right)!),
                used, expected, engine.Asked);
        }
        catch (UnreadableException unreadable)
        {
            return TapPicture.Unread(tensor, index, unreadable.Message, engine.Asked);
        }

        TapSum Read(TapQuestions questions) => isMaximum ? WindowReader.Read(questions) : SumOf(questions, left, right);
    }

    /// <summary>Reads the products with the bias at zero, then the bias with the products at zero.</summary>
    private static TapSum SumOf(TapQuestions questions, string left, string? right)
    {
        var (lefts, rights) = (questions.Operand(left)!.Length, right is null ? 0 : questions.Operand(right)!.Length);
        var bias = left == "input" ? questions.Operand("bias")?.Length ?? 0 : 0;
        var products = new TapReader(
            (l, r) => questions.Ask((left, l), (right ?? "", r), ("bias", new double[questions.Operand("bias")?.Length ?? 0])), lefts, rights).Read();
        return new(products, bias == 0 ? [] : new TapReader((b, _) => questions.Ask((left, new double[lefts]), ("bias", b)), bias, 0).Read());
    }

    /// <summary>Whether the sum predicts the engine's answer to random numbers (with the signs of the case's own), and to the case itself.</summary>
    private static bool Predicts(TapSum sum, TapQuestions engine, string left, string? right)
    {
        var (l, r, b) = (engine.Operand(left)!, right is null ? null : engine.Operand(right), left == "input" ? engine.Operand("bias") : null);
        var (l2, r2, b2) = (Other(l, left), Other(r, right), Other(b, "bias"));
        return IsRight(sum.Evaluate(l, r, b), engine.Ask())
            && IsRight(sum.Evaluate(l2!, r2, b2), engine.Ask([.. Changed(left, l2), .. Changed(right, r2), .. Changed("bias", b2)]));

        static bool IsRight((double Value, double Magnitude) predicted, double answer) =>
            Math.Abs(predicted.Value - answer) <= 1e-5 * predicted.Magnitude;

        static (string, double[])[] Changed(string? name, Tensor64? tensor) => tensor is null ? [] : [(name!, tensor.Data.ToArray())];

        static Tensor64? Other(Tensor64? tensor, string? name)
        {
            var fill = new Fill(1, "probe", name ?? "");
            return tensor?.Select(value => (value < 0 ? -1 : 1) * fill.Pick(1, 9));
        }
    }

    private sealed class RightSubject(TapOperation operation) : ISubject
    {
        public string Name => "the oracle";

        public LayerResult Run(LayerCase layerCase) => operation.Evaluate(layerCase);
    }
}
