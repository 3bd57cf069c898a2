namespace TorchSharp;

/// <summary>How a tensor is padded.</summary>
public enum PaddingModes
{
    Zeros = 0,
    Constant = 4,
}

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static class functional
        {
            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Native.Call("conv2d", input, weight, bias, strides ?? [1], padding ?? [0], dilation ?? [1], groups);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                Native.Call("max_pool2d", input, kernel_size, strides ?? kernel_size, padding ?? [0], dilation ?? [1], ceil_mode);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Native.Call("avg_pool2d", input, kernel_size, stride ?? kernel_size, padding ?? [0], ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                Native.Call("adaptive_avg_pool2d", input, output_size);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Native.Call("linear", input, weights, bias);

            public static Tensor relu(Tensor x, bool inplace = false) =>
                Native.Call(inplace ? "relu_" : "relu", x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                Native.Call(inplace ? "leaky_relu_" : "leaky_relu", input, negative_slope);

            public static Tensor tanh(Tensor x, bool inplace = false) =>
                Native.Call(inplace ? "tanh_" : "tanh", x);

            public static Tensor sigmoid(Tensor x) =>
                Native.Call("sigmoid", x);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                Native.Call("softmax.int", input, dim, (long?)dtype);

            public static Tensor log_softmax(Tensor x, long dim) =>
                Native.Call("log_softmax.int", x, dim, default);

            /// <param name="training">Then the statistics are the batch's own, and the running ones change in place.</param>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                Native.Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, false);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                mode == PaddingModes.Constant
                    ? Native.Call("constant_pad_nd", input, pad, value)
                    : throw new NotSupportedException($"the stand-in pads with a constant only, not {mode}");

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Native.Call("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <remarks>A target of −100 is ignored: TorchSharp leaves libtorch's own default, and has no parameter for another.</remarks>
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Native.Call("nll_loss_nd", input, target, weight, (long)reduction, -100);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Native.Call("mse_loss", input, target, (long)reduction);
        }
    }
}
