using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// Computes the weight and bias gradients of a convolution. One unit is four output channels with 25 weights each. Each weight has a vector of sums
/// that stays in the first-level cache while the images are read. Its sixteen lanes are added at the end.
/// </summary>
internal static unsafe class Conv2dWeightGradient<T> where T : unmanaged, ISimd<T>
{
    private const int Channels = 4;
    private const int Taps = 25;
    private const int TapsAtOnce = 5;

    /// <summary>The bytes of output gradient that are processed at a time: a third of a small first-level cache.</summary>
    private const int StripBytes = 16 * 1024;

    public static int Units(Conv2dOperands o) => o.Groups * ChannelTiles(o) * TapTiles(o);

    public static void Run(Conv2dOperands o, int unit)
    {
        var (tile, tapTile) = Math.DivRem(unit, TapTiles(o));
        var (group, channelTile) = Math.DivRem(tile, ChannelTiles(o));
        int channels = Math.Min(Channels, o.GroupOutputs - channelTile * Channels);
        int firstChannel = group * o.GroupOutputs + channelTile * Channels;
        int taps = Math.Min(Taps, Filter(o) - tapTile * Taps);

        float* memory = stackalloc float[Channels * (Taps + 1) * Tensor.Lanes + 16];
        float* sums = (float*)(((nuint)memory + 63) & ~(nuint)63);
        float* biasSums = sums + Channels * Taps * Tensor.Lanes;
        nint* offsets = stackalloc nint[Taps];
        Offsets(o, tapTile * Taps, offsets);

        // Full blocks first, then the last block, in which only the valid lanes count.
        float* weightGradient = o.Weight.Gradient.Data + firstChannel * Filter(o) + tapTile * Taps;
        float* biasGradient = o.Bias is null || tapTile > 0 ? null : o.Bias.Gradient.Data + firstChannel;
        int full = o.Output.Images / Tensor.Lanes;
        for (int part = 0; part < 2; part++)
        {
            int lanes = part == 0 ? Tensor.Lanes : o.Output.Images % Tensor.Lanes;
            if (lanes == 0)
                break;
            new Span<float>(sums, Channels * (Taps + 1) * Tensor.Lanes).Clear();
            for (int block = part == 0 ? 0 : full; block < (part == 0 ? full : o.Output.Blocks); block++)
                AddBlock(o, block, group, firstChannel, channels, taps, offsets, sums, biasGradient == null ? null : biasSums);

            for (int channel = 0; channel < channels; channel++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    float sum = LaneSum.Add(sums + (channel * Taps + tap) * Tensor.Lanes, lanes);
                    float* gradient = weightGradient + channel * Filter(o) + tap;
                    *gradient = part == 0 ? sum : *gradient + sum;
                }
                if (biasGradient != null)
                {
                    float sum = LaneSum.Add(biasSums + channel * Tensor.Lanes, lanes);
                    biasGradient[channel] = part == 0 ? sum : biasGradient[channel] + sum;
                }
            }
        }
    }

    private static int Filter(Conv2dOperands o) => o.GroupInputs * o.Vertical.Taps * o.Horizontal.Taps;

    private static int ChannelTiles(Conv2dOperands o) => (o.GroupOutputs + Channels - 1) / Channels;

    private static int TapTiles(Conv2dOperands o) => (Filter(o) + Taps - 1) / Taps;

    /// <summary>Computes each tap's offset from the first input element of its window. Entries behind the last tap repeat its offset.</summary>
    private static void Offsets(Conv2dOperands o, int firstTap, nint* offsets)
    {
        var source = o.PaddedInput ?? o.Input;
        int window = o.Vertical.Taps * o.Horizontal.Taps;
        for (int tap = 0; tap < Taps; tap++)
        {
            var (channel, inWindow) = Math.DivRem(Math.Min(firstTap + tap, Filter(o) - 1), window);
            var (ky, kx) = Math.DivRem(inWindow, o.Horizontal.Taps);
            nint pixel = ((nint)channel * source.Shape[2] + ky * o.Vertical.Dilation) * source.Shape[3] + kx * o.Horizontal.Dilation;
            offsets[tap] = pixel * Tensor.Lanes;
        }
    }

    private static void AddBlock(
        Conv2dOperands o, int block, int group, int firstChannel, int channels, int taps, nint* offsets, float* sums, float* biasSums)
    {
        var source = o.PaddedInput ?? o.Input;
        int height = o.Vertical.Output, width = o.Horizontal.Output;
        int stripRows = Math.Max(1, StripBytes / (Channels * width * Tensor.Lanes * sizeof(float)));
        nint plane = (nint)height * width * Tensor.Lanes;
        nint sourceRow = (nint)source.Shape[3] * Tensor.Lanes;
        nint groupChannel = group * o.GroupInputs;
        for (int y = 0; y < height; y += stripRows)
            for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
            {
                var strip = new Strip
                {
                    Gradient = o.OutputGradient.Block(block) + firstChannel * plane + (nint)y * width * Tensor.Lanes + lane,
                    GradientChannel = plane,
                    Source = source.Block(block) + (groupChannel * source.Shape[2] + y * o.Vertical.Stride) * sourceRow + lane,
                    SourceRow = o.Vertical.Stride * sourceRow,
                    SourceColumn = (nint)o.Horizontal.Stride * Tensor.Lanes,
                    Rows = Math.Min(stripRows, height - y),
                    Width = width,
                };
                for (int tap = 0; tap < taps; tap += TapsAtOnce)
                    if (T.HasManyRegisters && channels > 2)
                        AddFour(strip, channels, offsets + tap, sums + tap * Tensor.Lanes + lane);
                    else
                        for (int channel = 0; channel < channels; channel += 2)
                            AddTwo(strip, channel, channels, offsets + tap, sums + (channel * Taps + tap) * Tensor.Lanes + lane);
                if (biasSums != null)
                    AddBias(strip, channels, biasSums + lane);
            }
    }

    /// <summary>A range of output rows of one block.</summary>
    private struct Strip
    {
        public float* Gradient;
        public nint GradientChannel;
        public float* Source;
        public nint SourceRow;
        public nint SourceColumn;
        public int Rows;
        public int Width;
    }

    /// <summary>
    /// Four channels × five taps in 20 accumulators. A missing fourth channel repeats the third, and its sums are not used. A leaf method: calls
    /// would spill the accumulators.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddFour(in Strip strip, int channels, nint* offsets, float* sums)
    {
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4];
        nint g1 = strip.GradientChannel, g2 = 2 * g1, g3 = Math.Min(3, channels - 1) * g1;
        const int Channel = Taps * Tensor.Lanes;
        float* s0 = sums, s1 = s0 + Channel, s2 = s1 + Channel, s3 = s2 + Channel;
        T a00 = T.Load(s0), a01 = T.Load(s0 + 16), a02 = T.Load(s0 + 32), a03 = T.Load(s0 + 48), a04 = T.Load(s0 + 64);
        T a10 = T.Load(s1), a11 = T.Load(s1 + 16), a12 = T.Load(s1 + 32), a13 = T.Load(s1 + 48), a14 = T.Load(s1 + 64);
        T a20 = T.Load(s2), a21 = T.Load(s2 + 16), a22 = T.Load(s2 + 32), a23 = T.Load(s2 + 48), a24 = T.Load(s2 + 64);
        T a30 = T.Load(s3), a31 = T.Load(s3 + 16), a32 = T.Load(s3 + 32), a33 = T.Load(s3 + 48), a34 = T.Load(s3 + 64);
        float* gradient = strip.Gradient;
        float* sourceLine = strip.Source;
        nint column = strip.SourceColumn;
        int width = strip.Width;
        for (int y = 0; y < strip.Rows; y++)
        {
            float* source = sourceLine;
            for (int x = 0; x < width; x++)
            {
                T d0 = T.Load(gradient), d1 = T.Load(gradient + g1), d2 = T.Load(gradient + g2), d3 = T.Load(gradient + g3);
                T p = T.Load(source + o0);
                a00 = T.MultiplyAdd(p, d0, a00);
                a10 = T.MultiplyAdd(p, d1, a10);
                a20 = T.MultiplyAdd(p, d2, a20);
                a30 = T.MultiplyAdd(p, d3, a30);
                p = T.Load(source + o1);
                a01 = T.MultiplyAdd(p, d0, a01);
                a11 = T.MultiplyAdd(p, d1, a11);
                a21 = T.MultiplyAdd(p, d2, a21);
                a31 = T.MultiplyAdd(p, d3, a31);
                p = T.Load(source + o2);
                a02 = T.MultiplyAdd(p, d0, a02);
                a12 = T.MultiplyAdd(p, d1, a12);
                a22 = T.MultiplyAdd(p, d2, a22);
                a32 = T.MultiplyAdd(p, d3, a32);
                p = T.Load(source + o3);
                a03 = T.MultiplyAdd(p, d0, a03);
                a13 = T.MultiplyAdd(p, d1, a13);
                a23 = T.MultiplyAdd(p, d2, a23);
                a33 = T.MultiplyAdd(p, d3, a33);
                p = T.Load(source + o4);
                a04 = T.MultiplyAdd(p, d0, a04);
                a14 = T.MultiplyAdd(p, d1, a14);
                a24 = T.MultiplyAdd(p, d2, a24);
                a34 = T.MultiplyAdd(p, d3, a34);
                gradient += Tensor.Lanes;
                source += column;
            }
            sourceLine += strip.SourceRow;
        }
        T.Store(s0, a00); T.Store(s0 + 16, a01); T.Store(s0 + 32, a02); T.Store(s0 + 48, a03); T.Store(s0 + 64, a04);
        T.Store(s1, a10); T.Store(s1 + 16, a11); T.Store(s1 + 32, a12); T.Store(s1 + 48, a13); T.Store(s1 + 64, a14);
        T.Store(s2, a20); T.Store(s2 + 16, a21); T.Store(s2 + 32, a22); T.Store(s2 + 48, a23); T.Store(s2 + 64, a24);
        T.Store(s3, a30); T.Store(s3 + 16, a31); T.Store(s3 + 32, a32); T.Store(s3 + 48, a33); T.Store(s3 + 64, a34);
    }

    /// <summary>Two channels × five taps in 10 accumulators. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddTwo(in Strip strip, int channel, int channels, nint* offsets, float* sums)
    {
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4];
        nint g1 = Math.Min(1, channels - 1 - channel) * strip.GradientChannel;
        float* s0 = sums, s1 = s0 + Taps * Tensor.Lanes;
        T a00 = T.Load(s0), a01 = T.Load(s0 + 16), a02 = T.Load(s0 + 32), a03 = T.Load(s0 + 48), a04 = T.Load(s0 + 64);
        T a10 = T.Load(s1), a11 = T.Load(s1 + 16), a12 = T.Load(s1 + 32), a13 = T.Load(s1 + 48), a14 = T.Load(s1 + 64);
        float* gradient = strip.Gradient + channel * strip.GradientChannel;
        float* sourceLine = strip.Source;
        nint column = strip.SourceColumn;
        int width = strip.Width;
        for (int y = 0; y < strip.Rows; y++)
        {
            float* source = sourceLine;
            for (int x = 0; x < width; x++)
            {
                T d0 = T.Load(gradient), d1 = T.Load(gradient + g1);
                T p = T.Load(source + o0);
                a00 = T.MultiplyAdd(p, d0, a00);
                a10 = T.MultiplyAdd(p, d1, a10);
                p = T.Load(source + o1);
                a01 = T.MultiplyAdd(p, d0, a01);
                a11 = T.MultiplyAdd(p, d1, a11);
                p = T.Load(source + o2);
                a02 = T.MultiplyAdd(p, d0, a02);
                a12 = T.MultiplyAdd(p, d1, a12);
                p = T.Load(source + o3);
                a03 = T.MultiplyAdd(p, d0, a03);
                a13 = T.MultiplyAdd(p, d1, a13);
                p = T.Load(source + o4);
                a04 = T.MultiplyAdd(p, d0, a04);
                a14 = T.MultiplyAdd(p, d1, a14);
                gradient += Tensor.Lanes;
                source += column;
            }
            sourceLine += strip.SourceRow;
        }
        T.Store(s0, a00); T.Store(s0 + 16, a01); T.Store(s0 + 32, a02); T.Store(s0 + 48, a03); T.Store(s0 + 64, a04);
        T.Store(s1, a10); T.Store(s1 + 16, a11); T.Store(s1 + 32, a12); T.Store(s1 + 48, a13); T.Store(s1 + 64, a14);
    }

    /// <summary>The bias gradients of up to four channels: sums of the output gradient. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddBias(in Strip strip, int channels, float* sums)
    {
        nint g1 = Math.Min(1, channels - 1) * strip.GradientChannel;
        nint g2 = Math.Min(2, channels - 1) * strip.GradientChannel;
        nint g3 = Math.Min(3, channels - 1) * strip.GradientChannel;
        T a0 = T.Load(sums), a1 = T.Load(sums + 16), a2 = T.Load(sums + 32), a3 = T.Load(sums + 48);
        float* gradient = strip.Gradient;
        for (int i = strip.Rows * strip.Width; i > 0; i--)
        {
            a0 += T.Load(gradient);
            a1 += T.Load(gradient + g1);
            a2 += T.Load(gradient + g2);
            a3 += T.Load(gradient + g3);
            gradient += Tensor.Lanes;
        }
        T.Store(sums, a0); T.Store(sums + 16, a1); T.Store(sums + 32, a2); T.Store(sums + 48, a3);
    }
}
