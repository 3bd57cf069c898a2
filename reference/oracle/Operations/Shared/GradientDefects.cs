using System.Globalization;
using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the input gradient of any layer: its factor, its images, and what the backward pass has kept.</summary>
internal static class GradientDefects
{
    /// <summary>All of them but those that a layer knows by a name of its own.</summary>
    /// <param name="known">The ends of ids that are left out.</param>
    public static IEnumerable<Defect> For(string op, params string[] known) =>
        All(op).Where(defect => !known.Contains(defect.Id[(op.Length + 1)..]));

    /// <summary>The backward pass of a layer that is not linear finds one image's input in place of every one's.</summary>
    /// <param name="passes">The passes that read the input.</param>
    /// <param name="known">The ends of ids that are left out.</param>
    public static IEnumerable<Defect> OfKept(string op, Passes passes = Passes.InputGradient, params string[] known) =>
        new[]
        {
            Kept(op, "first-image-kept", passes, "the backward pass reads the first image's input for every image",
                input => OfImage(input, _ => 0)),
            Kept(op, "last-image-kept", passes,
                "each image overwrites the input that the forward pass keeps: the backward pass reads the last one's for every image",
                input => OfImage(input, n => n - 1)),
        }.Where(defect => !known.Contains(defect.Id[(op.Length + 1)..]));

    /// <summary>The weight is updated before the input gradient is computed with it.</summary>
    public static IEnumerable<Defect> OfAnEarlyUpdate(string op)
    {
        foreach (var (rate, name) in new[] { (1, "1"), (0.1, "a-tenth"), (0.01, "a-hundredth") })
            yield return new KeptDefect($"{op}.updated-first-by-{name}", Passes.InputGradient, Optimiser,
                string.Create(CultureInfo.InvariantCulture,
                    $"the weight is updated before the input gradient is computed with it: w − {rate}·dw in place of w"),
                "compute all gradients first, then update",
                (of, right) => !right.Gradients.TryGetValue("weight", out var dw) ? of : With(of, "weight", w => Updated(w, dw, rate)));

        static Tensor64 Updated(Tensor64 w, Tensor64 dw, double rate)
        {
            var flat = 0;
            return w.Select(value => value - rate * dw[flat++]);
        }
    }

    private static KeptDefect Kept(string op, string name, Passes passes, string mistake, Func<Tensor64, Tensor64> kept) =>
        new($"{op}.{name}", passes, BatchIndex, mistake, "keep the whole batch in the forward pass", (of, _) => With(of, "input", kept));

    private static LayerCase With(LayerCase of, string input, Func<Tensor64, Tensor64> read) =>
        of with { Inputs = new Dictionary<string, Tensor64>(of.Inputs) { [input] = read(of.Input(input)) } };

    private static IEnumerable<Defect> All(string op) =>
    [
        Changed(op, "gradient-negated", Derivative, "the gradient has the other sign", "multiply dy by the derivative, with its sign", (_, _) => -1),
        Changed(op, "gradient-missing", MissingGradient, "the gradient stays zero: layers before it learn nothing",
            "multiply dy by the derivative", (_, _) => 0),
        new OperandDefect($"{op}.output-gradient-left-out", Passes.InputGradient, Derivative,
            "the derivative itself is answered, without the output gradient",
            "multiply it by dy",
            "cotangent", (_, dy) => dy.Select(_ => 1)),
        Changed(op, "gradient-averaged-over-images", Scale, "the gradient is divided by the number of images once more",
            "leave dx as it is: the loss has divided by N already", (n, _) => 1.0 / n),
        Changed(op, "gradient-times-images", Scale, "the gradient is multiplied by the number of images, to undo a mean that the loss took",
            "leave dx as it is: each image has its own", (n, _) => n),
        Changed(op, "gradient-doubled", Scale, "the gradient is twice what it should be: it is added to itself",
            "clear dx before the backward pass, or assign it", (_, _) => 2),
        new ResultDefect($"{op}.gradient-of-the-first-image", Passes.InputGradient, BatchIndex,
            "every image gets the first image's gradient",
            "index the gradient by the image", (_, dx) => OfImage(dx, _ => 0)),
        Changed(op, "gradient-of-the-first-image-alone", BatchIndex, "only the first image gets a gradient",
            "let n run over all images", (_, image) => image == 0 ? 1 : 0),
        Changed(op, "gradient-of-the-last-image-lost", BatchIndex, "the backward pass's loop over the images ends one early",
            "let n run to N − 1 included", (n, image) => image < n - 1 ? 1 : 0),
        Changed(op, "gradient-missing-in-large-batches", MissingGradient, "the gradient is zero where there are more than two images",
            "compute it for any number of images", (n, _) => n > 2 ? 0 : 1),
    ];

    /// <param name="factor">The factor of an image's gradient, from the number of images and its own.</param>
    private static ResultDefect Changed(string op, string name, MistakeClass kind, string mistake, string mend, Func<int, int, double> factor) =>
        new($"{op}.{name}", Passes.InputGradient, kind, mistake, mend, (_, dx) =>
        {
            var (flat, image) = (0, dx.Length / Math.Max(1, dx.Shape[0]));
            return dx.Select(value => factor(dx.Shape[0], flat++ / image) is var times && times == 0 ? 0 : value * times);
        });

    /// <summary>The tensor with one image in place of every one.</summary>
    /// <param name="which">The image, from their number.</param>
    public static Tensor64 OfImage(Tensor64 tensor, Func<int, int> which)
    {
        if (tensor.Length == 0)
            return tensor;
        var image = tensor.Length / tensor.Shape[0];
        var (flat, start) = (0, which(tensor.Shape[0]) * image);
        return tensor.Select(_ => tensor[start + flat++ % image]);
    }
}
