using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// Batch normalisation with images innermost. A lane sums at most <see cref="Run"/> values in float32, then adds them to its float64 sum. At the end
/// the lanes of valid images are added, first to last. The order of a sum is the same for every vector width.
/// </summary>
internal sealed unsafe class FastBatchNorm<T>(BatchNormOperands operands) : BatchNormKernel(operands) where T : unmanaged, ISimd<T>
{
    private const int Run = 64;

    public override Layout Layout => Layout.Blocked;

    public override void Forward(int block)
    {
        for (int channel = 0; channel < o.Channels; channel++)
        {
            var (slope, offset) = Line(channel);
            nint plane = Plane(channel);
            Scale(o.Input.Block(block) + plane, o.Output.Block(block) + plane, o.Positions, o.Mean[channel], slope, offset);
        }
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is null)
            return;
        for (int channel = 0; channel < o.Channels; channel++)
        {
            var (slope, _) = Line(channel);
            float mean = o.GradientSum[channel] / o.Count, dot = o.GradientDotNormal[channel] / o.Count;
            nint plane = Plane(channel);
            float* dy = o.OutputGradient.Block(block) + plane;
            float* dx = o.InputGradient.Block(block) + plane;
            if (o.Training)
                Back(o.Input.Block(block) + plane, dy, dx, o.Positions, o.Mean[channel], o.InverseDeviation[channel], slope, mean, dot);
            else
                Scale(dy, dx, o.Positions, 0, slope, 0);
        }
    }

    protected override double Sum(int channel)
    {
        double* sums = stackalloc double[Tensor.Lanes];
        new Span<double>(sums, Tensor.Lanes).Clear();
        for (int block = 0; block < o.Input.Blocks; block++)
            for (int position = 0; position < o.Positions; position += Run)
            {
                float* x = o.Input.Block(block) + Plane(channel) + (nint)position * Tensor.Lanes;
                Add(x, Math.Min(Run, o.Positions - position), sums, o.Input.ImagesIn(block));
            }
        return Total(sums);
    }

    protected override double SumOfSquares(int channel, float shift)
    {
        double* sums = stackalloc double[Tensor.Lanes];
        new Span<double>(sums, Tensor.Lanes).Clear();
        for (int block = 0; block < o.Input.Blocks; block++)
            for (int position = 0; position < o.Positions; position += Run)
            {
                float* x = o.Input.Block(block) + Plane(channel) + (nint)position * Tensor.Lanes;
                AddProducts(x, shift, x, shift, Math.Min(Run, o.Positions - position), sums, o.Input.ImagesIn(block));
            }
        return Total(sums);
    }

    protected override (double Sum, double Dot) GradientSums(int channel)
    {
        double* sums = stackalloc double[2 * Tensor.Lanes];
        double* dots = sums + Tensor.Lanes;
        new Span<double>(sums, 2 * Tensor.Lanes).Clear();
        for (int block = 0; block < o.Input.Blocks; block++)
            for (int position = 0; position < o.Positions; position += Run)
            {
                nint at = Plane(channel) + (nint)position * Tensor.Lanes;
                int count = Math.Min(Run, o.Positions - position), images = o.Input.ImagesIn(block);
                Add(o.OutputGradient.Block(block) + at, count, sums, images);
                AddProducts(o.OutputGradient.Block(block) + at, 0, o.Input.Block(block) + at, o.Mean[channel], count, dots, images);
            }
        return (Total(sums), Total(dots));
    }

    private nint Plane(int channel) => (nint)channel * o.Positions * Tensor.Lanes;

    private static double Total(double* sums)
    {
        double total = 0;
        for (int lane = 0; lane < Tensor.Lanes; lane++)
            total += sums[lane];
        return total;
    }

    /// <summary>y = slope·(x − mean) + offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Scale(float* x, float* y, int positions, float mean, float slope, float offset)
    {
        T m = T.Broadcast(mean), s = T.Broadcast(slope), b = T.Broadcast(offset);
        for (nint i = 0; i < (nint)positions * Tensor.Lanes; i += T.Count)
            T.Store(y + i, T.MultiplyAdd(T.Load(x + i) - m, s, b));
    }

    /// <summary>dx = slope·(dy − (mean of dy + x̂·mean of dy·x̂)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Back(float* x, float* dy, float* dx, int positions, float mean, float inverse, float slope, float meanGradient, float meanDot)
    {
        T m = T.Broadcast(mean), i = T.Broadcast(inverse), s = T.Broadcast(slope), g = T.Broadcast(meanGradient), d = T.Broadcast(meanDot);
        for (nint at = 0; at < (nint)positions * Tensor.Lanes; at += T.Count)
            T.Store(dx + at, s * (T.Load(dy + at) - T.MultiplyAdd((T.Load(x + at) - m) * i, d, g)));
    }

    /// <summary>Adds Σ x over at most <see cref="Run"/> positions to each lane's sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add(float* x, int positions, double* sums, int images)
    {
        float* lanes = stackalloc float[Tensor.Lanes];
        for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
        {
            T sum = default;
            for (nint i = 0; i < positions; i++)
                sum += T.Load(x + i * Tensor.Lanes + lane);
            T.Store(lanes + lane, sum);
        }
        for (int lane = 0; lane < images; lane++)
            sums[lane] += lanes[lane];
    }

    /// <summary>Adds Σ (a − shiftA)·(b − shiftB) over at most <see cref="Run"/> positions to each lane's sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddProducts(float* a, float shiftA, float* b, float shiftB, int positions, double* sums, int images)
    {
        float* lanes = stackalloc float[Tensor.Lanes];
        T shiftedA = T.Broadcast(shiftA), shiftedB = T.Broadcast(shiftB);
        for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
        {
            T sum = default;
            for (nint i = 0; i < positions; i++)
            {
                nint at = i * Tensor.Lanes + lane;
                sum = T.MultiplyAdd(T.Load(a + at) - shiftedA, T.Load(b + at) - shiftedB, sum);
            }
            T.Store(lanes + lane, sum);
        }
        for (int lane = 0; lane < images; lane++)
            sums[lane] += lanes[lane];
    }
}
