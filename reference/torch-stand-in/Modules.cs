using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Cross-correlation of <c>[N,C,H,W]</c> with weights <c>[out,in,k,k]</c> and a bias.</summary>
    public sealed class Conv2d : nn.Module<Tensor, Tensor>
    {
        private readonly Affine _affine;
        private readonly long[] _stride;
        private readonly long[] _padding;

        internal Conv2d(long inChannels, long outChannels, long kernelSize, long stride, long padding)
            : base(nameof(Conv2d))
        {
            _affine = new([outChannels, inChannels, kernelSize, kernelSize]);
            Register("weight", _affine.Weight);
            Register("bias", _affine.Bias);
            (_stride, _padding) = ([stride, stride], [padding, padding]);
        }

        public override Tensor forward(Tensor input) =>
            nn.functional.conv2d(input, _affine.Weight, _affine.Bias, _stride, _padding);
    }

    /// <summary><c>[…,in]</c> times the transpose of weights <c>[out,in]</c>, plus a bias.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        private readonly Affine _affine;

        internal Linear(long inputSize, long outputSize)
            : base(nameof(Linear))
        {
            _affine = new([outputSize, inputSize]);
            Register("weight", _affine.Weight);
            Register("bias", _affine.Bias);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, _affine.Weight, _affine.Bias);
    }

    /// <summary>A weight and a bias, both uniform within ±1/√(inputs of one output): PyTorch's initial values.</summary>
    internal readonly struct Affine
    {
        public Affine(long[] shape)
        {
            var bound = 1 / Math.Sqrt(shape.Skip(1).Aggregate(1L, (product, extent) => product * extent));
            Weight = new(Uniform(shape, bound));
            Bias = new(Uniform([shape[0]], bound));
        }

        public Parameter Weight { get; }

        public Parameter Bias { get; }

        private static Tensor Uniform(long[] shape, double bound)
        {
            using var empty = Native.Call("empty.memory_format", shape, (long)ScalarType.Float32, default, default, default, default);
            return Native.Call("uniform_", empty, -bound, bound, default);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                dilation == 1 && padding_mode == PaddingModes.Zeros && groups == 1 && bias && dtype is null or ScalarType.Float32
                    ? new(in_channels, out_channels, kernel_size, stride, padding)
                    : throw new NotSupportedException("the stand-in's Conv2d has a bias, float32, one group, zero padding and no dilation");

            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                hasBias && dtype is null or ScalarType.Float32
                    ? new(inputSize, outputSize)
                    : throw new NotSupportedException("the stand-in's Linear has a bias, and float32");
        }
    }
}
