using Conformance.Oracle;

namespace Conformance.Suite.Dialects;

/// <summary>Every convention that can be declared. <c>conformance-tests/DIALECTS.md</c> describes them for users.</summary>
public static class Conventions
{
    private static readonly string[] Losses = ["cross_entropy", "nll_loss", "generalized_cross_entropy", "mse_loss"];

    private static readonly string[] Norms = ["batch_norm1d", "batch_norm2d"];

    private static readonly string[] Weighted = ["cross_entropy", "nll_loss"];

    private static readonly string[] Adams = ["adam", "adamw"];

    private static readonly string[] Images = ["conv2d", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", .. Norms];

    /// <summary>The conventions of value, which change numbers.</summary>
    private static readonly Convention[] OfValue =
    [
        new MeantMistake("batch_norm_running_var", "biased", "the running variance keeps the variance divided by M",
            "Keras where its kernel is not fused; cs231n", [.. Norms.Select(op => op + ".running-variance-biased")]),
        new MeantMistake("batch_norm_eps", "outside_root", "ε is added to the deviation: (x − mean)/(√var + ε)",
            "The Annotated Transformer's norm; textbooks", [.. Norms.Select(op => op + ".eps-outside-the-root")]),
        new OtherReading("batch_norm_momentum", "weighs_old", "momentum weighs the old running statistics: PyTorch's is 1 − momentum",
            "Keras, TensorFlow, cs231n", [.. Norms.Select(op => op + ".momentum-reversed")],
            asked => asked.Has("momentum") ? asked.With("momentum", 1 - asked.Number("momentum")) : asked),
        new MeantMistake(
            "max_pool_ties", "split", "equal maxima of a window share the gradient", "JAX's and Autograd's maximum", "max_pool2d.ties-split"),
        new MeantMistake(
            "max_pool_ties", "all", "every element that equals the maximum gets the whole gradient",
            "masks x == max, as in cs231n's fast layers; Theano", "max_pool2d.ties-to-all"),
        new MeantMistake(
            "max_pool_ties", "last", "the last of equal maxima gets the gradient", "loops that compare with >=", "max_pool2d.ties-to-last"),
        new MeantMistake(
            "max_pool_ties", "first_by_columns", "a window is scanned column by column, and the first of equal maxima gets the gradient",
            "column-major arrays: MATLAB, Julia", "max_pool2d.scanned-by-columns"),
        new MeantMistake(
            "max_pool_nan", "ignored", "a NaN never wins a window that has a number", "TensorFlow; maxima by value > max", "max_pool2d.nan-ignored"),
        new OtherReading("avg_pool_padding", "never_counted", "the divisor is the number of elements inside the input, whatever is asked",
            "TensorFlow, Keras", ["avg_pool2d.padding-never-counted"], asked => asked.With("count_include_pad", false)),
        new OtherReading("avg_pool_padding", "always_counted", "the divisor counts the padding, whatever is asked",
            "Caffe", ["avg_pool2d.padding-always-counted"], asked => asked.With("count_include_pad", true)),
        new OtherReading("loss_reduction", "sum", "a loss is summed over the batch where the mean is asked for, and so is its gradient",
            "textbooks that put 1/N into the learning rate",
                [.. Losses.SelectMany(op => new[] { op + ".sum-for-mean", op + ".gradient-not-averaged" })], Summed),
        new OtherReading("loss_gradient", "sum", "the loss is a mean and its gradient that of the sum: 1/N is in the update",
            "courses whose update divides by the batch's size", [.. Losses.Select(op => op + ".gradient-not-averaged")],
                Summed) { GradientsAlone = true },
        new MeantMistake("loss_of_nothing", "zero", "the mean over no rows is 0, not NaN", "Keras; divisors of max(1, n)",
            [.. Losses.Select(op => op + ".empty-mean-is-zero")]),
        new MeantMistake(
            "class_weight_mean", "rows", "the mean of weighted losses is divided by the number of rows, not by the sum of their weights",
            "Keras, TensorFlow", [.. Weighted.Select(op => op + ".weights-not-in-divisor")]),
        new MeantMistake(
            "label_smoothing", "others", "the target has 1 − ε, and each of the K − 1 other classes ε/(K − 1)",
            "Sockeye, OpenNMT, fairseq's first loss", "cross_entropy.smoothing-over-the-others"),
        new MeantMistake("mse_factor", "half", "the squared error has a factor ½", "Caffe; textbooks: ½·(y − t)²", "mse_loss.half"),
        new MeantMistake(
            "mse_mean", "rows", "the squared error is divided by the number of rows, not of elements",
            "Caffe; textbooks: the mean of ‖y − t‖²",
            "mse_loss.mean-over-rows"),
        new MeantMistake(
            "cross_entropy_probability", "clipped", "the loss is taken of probabilities clipped to 1e-7 and 1 − 1e-7", "Keras",
            "cross_entropy.clipped"),
        new MeantMistake(
            "generalized_cross_entropy", "truncated", "rows with a probability below ½ cost a constant and learn nothing",
            "Zhang and Sabuncu 2018, equation 8", "generalized_cross_entropy.truncated"),
        new MeantMistake(
            "conv_kernel", "rotated", "the kernel is rotated by 180°: a convolution in the mathematical sense", "SciPy, MATLAB",
            "conv2d.kernel-rotated"),
        new MeantMistake(
            "conv_kernel", "rotated_with_channels", "the kernel is rotated by 180°, and its input channels are reversed",
            "SciPy's convolve over images with channels", "conv2d.kernel-rotated-with-channels"),
        new MeantMistake("flatten_order", "channels_last", "a whole image is flattened with its channels fastest: (h·W + w)·C + c",
            "TensorFlow, Keras", "flatten.channels-last-of-whole-images"),
        new MeantMistake("flatten_order", "columns", "each plane is flattened column by column: (c·W + w)·H + h",
            "MATLAB: images are [H, W, C], column-major", "flatten.columns-first"),
        new MeantMistake("flatten_order", "column_major", "[C, H, W] is flattened in column-major order: (w·H + h)·C + c",
            "Fortran; NumPy's order=\"F\"", "flatten.column-major"),
        new MeantMistake(
            "relu_at_zero", "half", "at 0 the gradient is the mean of both sides: ½, or (1 + negative_slope)/2 of a leaky ReLU",
            "JAX's and Autograd's maximum(x, 0)", "relu.half-at-zero", "leaky_relu.half-at-zero"),
        new MeantMistake(
            "relu_at_zero", "open", "the whole gradient passes at 0", "masks x >= 0; any number from 0 to 1 is a subgradient there",
            "relu.open-at-zero", "leaky_relu.open-at-zero"),
        new MeantMistake(
            "leaky_relu_slope", "divisor", "the negative side is x divided by the slope: x/a with a above 1", "Xu and others 2015",
            "leaky_relu.slope-divides"),
        new MeantMistake(
            "dropout_scale", "none", "what is kept is not scaled in training: evaluation multiplies by 1 − p", "Srivastava and others 2014",
            "dropout.not-scaled"),
        new MeantMistake(
            "sgd_velocity", "step", "the velocity is the step itself: v ← μ·v − lr·g, p ← p + v", "Keras, cs231n",
            "sgd.velocity-negative-undampened"),
        new MeantMistake(
            "sgd_velocity", "rate_inside", "the buffer holds the learning rate: v ← μ·v + lr·g, p ← p − v",
            "Caffe; Sutskever and others 2013",
            "sgd.rate-inside-the-buffer"),
        new MeantMistake("sgd_velocity", "mean", "the buffer is a running mean: v ← μ·v + (1 − μ)·g", "Ng's courses", "sgd.buffer-is-a-mean"),
        new MeantMistake(
            "sgd_weight_decay", "decoupled", "weight decay is added to the step, behind the momentum", "SGDW: Loshchilov and Hutter 2019",
            "sgd.decay-after-the-momentum"),
        new MeantMistake(
            "adam_eps", "before_correction", "ε is added to √v before the correction", "TensorFlow, Keras, Transformers: the paper's ε̂",
            [.. Adams.Select(op => op + ".epsilon-before-the-correction")]),
        new MeantMistake("adam_eps", "inside_root", "ε is added under the root", "optax's eps_root",
            [.. Adams.Select(op => op + ".epsilon-inside-the-root")]),
        new MeantMistake("adam_correction", "none", "neither moment is corrected", "MLX; BERT's first optimiser",
            [.. Adams.Select(op => op + ".no-correction")])
        {
            Answers = asked => asked.Attributes.Numbers("betas", 2).All(beta => beta <= 1), // no correction divides by 1 − βᵗ
        },
        new MeantMistake("adamw_decay", "without_rate", "the decay is λ·p, whatever the learning rate", "Flux; the paper with a multiplier of 1",
            "adamw.decay-without-the-rate"),
        new MeantMistake("adamw_decay", "after_step", "the parameter decays after the step: p ← (p − step)·(1 − lr·λ)", "Transformers",
            "adamw.decay-after-the-step"),
    ];

    /// <summary>The conventions of form, in the order of translation: the first is outermost, the last nearest to the engine.</summary>
    private static readonly Convention[] OfForm =
    [
        new OtherForm("padding", "named", "a padding is the word SAME or VALID; no other padding is asked", "TensorFlow, Keras",
            [], NamedPadding.Operations, engine => new NamedPadding(engine)),
        new OtherForm("linear_loss", "fused", "one layer for linear, softmax and cross entropy", "courses whose output layer knows the target",
            [], FusedLoss.Offered, engine => new FusedLoss(engine)),
        new OtherForm("layout", "NHWC", "images are [N, H, W, C], sequences [N, L, C]", "TensorFlow, Keras", ["conv2d.input-channels-last"],
            [.. Images, "flatten"], engine => new OtherAxes(
                engine, (asked, tensor, rank) => ChannelsLast(asked, tensor, rank, engine.Declares.Conventions.GetValueOrDefault("flatten_order")))),
        new OtherForm("conv_weight", "HWIO", "kernels are [kh, kw, in, out]", "TensorFlow, Keras", ["conv2d.weight-kh-kw-in-out"],
            ["conv2d"], engine => new OtherAxes(engine, (asked, tensor, _) => asked.Op == "conv2d" && tensor == "weight" ? [2, 3, 1, 0] : null)),
        new OtherForm("conv_weight", "OHWI", "kernels are [out, kh, kw, in]", "TensorFlow Lite", ["conv2d.kernel-channels-last"],
            ["conv2d"], engine => new OtherAxes(engine, (asked, tensor, _) => asked.Op == "conv2d" && tensor == "weight" ? [0, 2, 3, 1] : null)),
        new OtherForm("linear_weight", "in,out", "a linear layer's weight is [in, out]", "TensorFlow, Keras, NumPy courses: y = x·W + b",
            ["linear.weight-transposed", "linear.backward-weight-transposed"],
            ["linear", FusedLoss.Operation], engine =>
                new OtherAxes(engine, (asked, tensor, _) => asked.Op is "linear" or FusedLoss.Operation && tensor == "weight" ? [1, 0] : null)),
        new OtherForm("batch", "none", "there is no batch dimension: each image is asked alone", "engines that train image by image", [],
            [.. WithoutBatch.Operations, .. Losses, .. Norms, FusedLoss.Operation], engine => new WithoutBatch(engine)),
        new OtherForm(
            "backward", "updates", "backward updates the parameters at once: p ← p − lr·dp",
            "courses whose layers have backward(gradient, learning_rate)", [],
            ["conv2d", "linear", .. Norms, FusedLoss.Operation], engine => new UpdatingBackward(engine)),
    ];

    public static IReadOnlyList<Convention> All { get; } = [.. OfValue, .. OfForm];

    /// <summary>Returns the convention of that name and value.</summary>
    /// <exception cref="ArgumentException">There is no such convention; the message lists all.</exception>
    public static Convention Named(string name, string value) =>
        All.FirstOrDefault(one => one.Name == name && one.Value == value)
            ?? throw new ArgumentException(All.Where(one => one.Name == name).ToArray() is { Length: > 0 } values
            ? $"dialect: {name} can't be \"{value}\"; it can be {string.Join(" or ", values.Select(one => $"\"{one.Value}\""))}"
            : $"dialect: there is no convention \"{name}\"; there are "
                + string.Join(", ", All.GroupBy(one => one.Name).Select(
                    group => $"{group.Key} ({string.Join(" or ", group.Select(one => $"\"{one.Value}\""))})")));

    /// <summary>
    /// The convention of axes that gives a tensor's axes this order; null if there is none. Images in another order are not recognised, because their
    /// values would differ too.
    /// </summary>
    /// <param name="order">Axis i of the answer is PyTorch's axis <c>order[i]</c>.</param>
    internal static string? OfAxes(string op, string tensor, IReadOnlyList<int> order) => (tensor, string.Join(",", order)) switch
    {
        ("gradients.weight", "2,3,1,0") => Named("conv_weight", "HWIO"),
        ("gradients.weight", "0,2,3,1") => Named("conv_weight", "OHWI"),
        ("gradients.weight", "1,0") => Named("linear_weight", "in,out"),
        _ => null,
    } is { } found && found.Operations.Contains(op) ? found.Declared : null;

    private static Attributes Summed(Attributes asked) => asked.Text("reduction") == "mean" ? asked.With("reduction", "sum") : asked;

    /// <summary>
    /// The order with the channels last. A matrix [N, C] already has it. The images of a flatten have it too, if the engine flattens them in that
    /// order; otherwise flatten is asked in PyTorch's form.
    /// </summary>
    private static int[]? ChannelsLast(LayerCase asked, string tensor, int rank, string? flattenOrder)
    {
        var isOther = asked.Op == "flatten"
            ? tensor == "input" && flattenOrder == "channels_last" && IsOfWholeImages(asked.Attributes)
            : tensor is "input" or "output" && Images.Contains(asked.Op);
        return !isOther ? null : rank switch
        {
            4 => [0, 2, 3, 1],
            3 => [0, 2, 1],
            _ => null,
        };
    }

    private static bool IsOfWholeImages(Attributes attributes) =>
        attributes.Int("start_dim") == 1 && attributes.Int("end_dim") is 3 or -1;
}
