using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// The loop of a convolution's forward pass and of its input gradient. It slides a kernel over one block of images and computes several output
/// channels at a time. All distances are in floats; one pixel is sixteen floats, one per image.
/// </summary>
internal unsafe struct Correlation
{
    /// <summary>The element at input position −Before: the first element of a padded image, or of an image without padding.</summary>
    public float* Source;
    public nint SourceRow;
    public nint SourceChannel;
    public int Channels;

    public WindowAxis Vertical;
    public WindowAxis Horizontal;

    public float* Weight;
    public nint WeightOutput;
    public nint WeightChannel;
    public nint WeightRow;
    public nint WeightColumn;

    /// <summary>One value per output channel; null without bias.</summary>
    public float* Bias;

    public float* Target;
    public int Outputs;

    private readonly nint TargetChannel => (nint)Vertical.Output * Horizontal.Output * Tensor.Lanes;

    /// <summary>Computes the whole output of the block. Each sum runs over channel, row, column, in this order for every tile.</summary>
    public static void Run<T>(in Correlation c) where T : unmanaged, ISimd<T>
    {
        for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
            for (int y = 0; y < c.Vertical.Output; y += 2)
            {
                int output = 0;
                if (T.HasManyRegisters)
                    for (; output + 2 < c.Outputs; output += 4)
                        Four<T>(c, lane, y, output);
                for (; output < c.Outputs; output += 2)
                    Two<T>(c, lane, y, output);
            }
    }

    /// <summary>
    /// Two output rows × four output channels, two columns at a time: 4 pixels × 4 channels in 16 accumulators. At the edges the last row, column
    /// or channel is computed and stored twice. A leaf method: calls would spill the accumulators.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four<T>(in Correlation c, int lane, int y, int output) where T : unmanaged, ISimd<T>
    {
        WindowAxis vertical = c.Vertical, horizontal = c.Horizontal;
        int below = Math.Min(y + 1, vertical.Output - 1) - y;
        int firstRow = vertical.FirstTap(y + below), endRow = vertical.EndTap(y);
        nint down = below * vertical.Stride * c.SourceRow;
        nint targetDown = (nint)below * horizontal.Output * Tensor.Lanes;
        nint channel1 = 1, channel2 = 2, channel3 = Math.Min(3, c.Outputs - 1 - output);
        nint w1 = channel1 * c.WeightOutput, w2 = channel2 * c.WeightOutput, w3 = channel3 * c.WeightOutput;
        nint sourceRow = vertical.Dilation * c.SourceRow, sourceColumn = (nint)horizontal.Dilation * Tensor.Lanes;
        nint weightRow = c.WeightRow, weightColumn = c.WeightColumn;
        float* sourceAt = c.Source + lane + y * vertical.Stride * c.SourceRow + firstRow * sourceRow;
        float* weightAt = c.Weight + output * c.WeightOutput + firstRow * weightRow;
        float* bias = c.Bias + output;
        float* target = c.Target + lane + output * c.TargetChannel + (nint)y * horizontal.Output * Tensor.Lanes;

        for (int x = 0; x < horizontal.Output; x += 2)
        {
            int beside = Math.Min(x + 1, horizontal.Output - 1) - x;
            int firstColumn = horizontal.FirstTap(x + beside), endColumn = horizontal.EndTap(x);
            nint across = (nint)beside * horizontal.Stride * Tensor.Lanes, diagonal = down + across;

            T bias0 = default, bias1 = default, bias2 = default, bias3 = default;
            if (c.Bias != null)
                (bias0, bias1, bias2, bias3) =
                    (T.Broadcast(bias[0]), T.Broadcast(bias[channel1]), T.Broadcast(bias[channel2]), T.Broadcast(bias[channel3]));
            T a00 = bias0, a01 = bias0, a02 = bias0, a03 = bias0;
            T a10 = bias1, a11 = bias1, a12 = bias1, a13 = bias1;
            T a20 = bias2, a21 = bias2, a22 = bias2, a23 = bias2;
            T a30 = bias3, a31 = bias3, a32 = bias3, a33 = bias3;

            float* sourceChannel = sourceAt + (nint)x * horizontal.Stride * Tensor.Lanes + firstColumn * sourceColumn;
            float* weightChannel = weightAt + firstColumn * weightColumn;
            for (int channel = 0; channel < c.Channels; channel++)
            {
                float* sourceLine = sourceChannel;
                float* weightLine = weightChannel;
                for (int ky = firstRow; ky < endRow; ky++)
                {
                    float* s = sourceLine;
                    float* w = weightLine;
                    for (int kx = firstColumn; kx < endColumn; kx++)
                    {
                        T p0 = T.Load(s), p1 = T.Load(s + across), p2 = T.Load(s + down), p3 = T.Load(s + diagonal);
                        T k = T.Broadcast(*w);
                        a00 = T.MultiplyAdd(p0, k, a00);
                        a01 = T.MultiplyAdd(p1, k, a01);
                        a02 = T.MultiplyAdd(p2, k, a02);
                        a03 = T.MultiplyAdd(p3, k, a03);
                        k = T.Broadcast(w[w1]);
                        a10 = T.MultiplyAdd(p0, k, a10);
                        a11 = T.MultiplyAdd(p1, k, a11);
                        a12 = T.MultiplyAdd(p2, k, a12);
                        a13 = T.MultiplyAdd(p3, k, a13);
                        k = T.Broadcast(w[w2]);
                        a20 = T.MultiplyAdd(p0, k, a20);
                        a21 = T.MultiplyAdd(p1, k, a21);
                        a22 = T.MultiplyAdd(p2, k, a22);
                        a23 = T.MultiplyAdd(p3, k, a23);
                        k = T.Broadcast(w[w3]);
                        a30 = T.MultiplyAdd(p0, k, a30);
                        a31 = T.MultiplyAdd(p1, k, a31);
                        a32 = T.MultiplyAdd(p2, k, a32);
                        a33 = T.MultiplyAdd(p3, k, a33);
                        s += sourceColumn;
                        w += weightColumn;
                    }
                    sourceLine += sourceRow;
                    weightLine += weightRow;
                }
                sourceChannel += c.SourceChannel;
                weightChannel += c.WeightChannel;
            }

            nint targetAcross = (nint)beside * Tensor.Lanes, targetDiagonal = targetDown + targetAcross;
            float* t = target + (nint)x * Tensor.Lanes;
            T.Store(t, a00);
            T.Store(t + targetAcross, a01);
            T.Store(t + targetDown, a02);
            T.Store(t + targetDiagonal, a03);
            t = target + (nint)x * Tensor.Lanes + channel1 * c.TargetChannel;
            T.Store(t, a10);
            T.Store(t + targetAcross, a11);
            T.Store(t + targetDown, a12);
            T.Store(t + targetDiagonal, a13);
            t = target + (nint)x * Tensor.Lanes + channel2 * c.TargetChannel;
            T.Store(t, a20);
            T.Store(t + targetAcross, a21);
            T.Store(t + targetDown, a22);
            T.Store(t + targetDiagonal, a23);
            t = target + (nint)x * Tensor.Lanes + channel3 * c.TargetChannel;
            T.Store(t, a30);
            T.Store(t + targetAcross, a31);
            T.Store(t + targetDown, a32);
            T.Store(t + targetDiagonal, a33);
        }
    }

    /// <summary>
    /// Two output channels in 8 accumulators, for the remaining channels and for processors with few registers. A leaf method.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two<T>(in Correlation c, int lane, int y, int output) where T : unmanaged, ISimd<T>
    {
        WindowAxis vertical = c.Vertical, horizontal = c.Horizontal;
        int below = Math.Min(y + 1, vertical.Output - 1) - y;
        int firstRow = vertical.FirstTap(y + below), endRow = vertical.EndTap(y);
        nint down = below * vertical.Stride * c.SourceRow;
        nint targetDown = (nint)below * horizontal.Output * Tensor.Lanes;
        nint channel1 = Math.Min(1, c.Outputs - 1 - output);
        nint w1 = channel1 * c.WeightOutput;
        nint sourceRow = vertical.Dilation * c.SourceRow, sourceColumn = (nint)horizontal.Dilation * Tensor.Lanes;
        nint weightRow = c.WeightRow, weightColumn = c.WeightColumn;
        float* sourceAt = c.Source + lane + y * vertical.Stride * c.SourceRow + firstRow * sourceRow;
        float* weightAt = c.Weight + output * c.WeightOutput + firstRow * weightRow;
        float* bias = c.Bias + output;
        float* target = c.Target + lane + output * c.TargetChannel + (nint)y * horizontal.Output * Tensor.Lanes;

        for (int x = 0; x < horizontal.Output; x += 2)
        {
            int beside = Math.Min(x + 1, horizontal.Output - 1) - x;
            int firstColumn = horizontal.FirstTap(x + beside), endColumn = horizontal.EndTap(x);
            nint across = (nint)beside * horizontal.Stride * Tensor.Lanes, diagonal = down + across;

            T bias0 = default, bias1 = default;
            if (c.Bias != null)
                (bias0, bias1) = (T.Broadcast(bias[0]), T.Broadcast(bias[channel1]));
            T a00 = bias0, a01 = bias0, a02 = bias0, a03 = bias0;
            T a10 = bias1, a11 = bias1, a12 = bias1, a13 = bias1;

            float* sourceChannel = sourceAt + (nint)x * horizontal.Stride * Tensor.Lanes + firstColumn * sourceColumn;
            float* weightChannel = weightAt + firstColumn * weightColumn;
            for (int channel = 0; channel < c.Channels; channel++)
            {
                float* sourceLine = sourceChannel;
                float* weightLine = weightChannel;
                for (int ky = firstRow; ky < endRow; ky++)
                {
                    float* s = sourceLine;
                    float* w = weightLine;
                    for (int kx = firstColumn; kx < endColumn; kx++)
                    {
                        T k0 = T.Broadcast(*w), k1 = T.Broadcast(w[w1]);
                        T p = T.Load(s);
                        a00 = T.MultiplyAdd(p, k0, a00);
                        a10 = T.MultiplyAdd(p, k1, a10);
                        p = T.Load(s + across);
                        a01 = T.MultiplyAdd(p, k0, a01);
                        a11 = T.MultiplyAdd(p, k1, a11);
                        p = T.Load(s + down);
                        a02 = T.MultiplyAdd(p, k0, a02);
                        a12 = T.MultiplyAdd(p, k1, a12);
                        p = T.Load(s + diagonal);
                        a03 = T.MultiplyAdd(p, k0, a03);
                        a13 = T.MultiplyAdd(p, k1, a13);
                        s += sourceColumn;
                        w += weightColumn;
                    }
                    sourceLine += sourceRow;
                    weightLine += weightRow;
                }
                sourceChannel += c.SourceChannel;
                weightChannel += c.WeightChannel;
            }

            nint targetAcross = (nint)beside * Tensor.Lanes, targetDiagonal = targetDown + targetAcross;
            float* t = target + (nint)x * Tensor.Lanes;
            T.Store(t, a00);
            T.Store(t + targetAcross, a01);
            T.Store(t + targetDown, a02);
            T.Store(t + targetDiagonal, a03);
            t += channel1 * c.TargetChannel;
            T.Store(t, a10);
            T.Store(t + targetAcross, a11);
            T.Store(t + targetDown, a12);
            T.Store(t + targetDiagonal, a13);
        }
    }
}
