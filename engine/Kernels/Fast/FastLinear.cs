using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Fast;

/// <summary>
/// The linear layer with images innermost. The forward pass and the input gradient keep eight outputs of one vector of images in registers. For the
/// weight gradient the activations are transposed once to <c>[image][feature]</c>; then the lanes are features, and the sum runs over images.
/// </summary>
internal sealed unsafe class FastLinear<T>(LinearOperands o) : Kernel where T : unmanaged, ISimd<T>
{
    /// <summary>The number of outputs whose weight gradients are computed together.</summary>
    private const int Rows = 4;

    /// <summary>Features are padded to a multiple of this, which is two of the widest vectors.</summary>
    private const int Tile = 32;

    public override Layout Layout => Layout.Blocked;

    public override void PrepareBackward() =>
        Tensor.Reuse(ref o.Activations, Layout.Nchw, o.Input.Images, Pitch);

    public override void Forward(int block) => Product(
        o.Input.Block(block), o.Inputs, o.Weight.Value.Data, o.Inputs, 1, o.Bias is null ? null : o.Bias.Value.Data,
        o.Output.Block(block), o.Outputs);

    public override void Backward(int block)
    {
        TurnActivations(block);
        if (o.InputGradient is not null)
            Product(
                o.OutputGradient.Block(block), o.Outputs, o.Weight.Value.Data, 1, o.Inputs, null,
                o.InputGradient.Block(block), o.Inputs);
    }

    public override int ParameterUnits => Pitch / Tile;

    /// <summary>
    /// Computes the weight gradients of some features for all outputs, so that the activations of these features stay in the first-level cache. Unit
    /// 0 also computes the bias gradients.
    /// </summary>
    public override void ParameterGradient(int unit)
    {
        float* partial = stackalloc float[Rows * Tile];
        int feature = unit * Tile, features = Math.Min(Tile, o.Inputs - feature);
        for (int output = 0; output < o.Outputs; output += Rows)
        {
            // A partial tile at the edge is computed in full in a scratch buffer, and the valid part is copied.
            int rows = Math.Min(Rows, o.Outputs - output);
            bool whole = features == Tile && rows == Rows;
            float* target = whole ? o.Weight.Gradient.Data + (nint)output * o.Inputs + feature : partial;
            nint pitch = whole ? o.Inputs : Tile;
            for (int vector = 0; vector < Tile; vector += 2 * T.Count)
                WeightGradient(o.Activations!.Data + feature + vector, Pitch, o.OutputGradient.Data + (nint)output * Tensor.Lanes,
                    (nint)o.Outputs * Tensor.Lanes, rows, o.Output.Images, target + vector, pitch);
            for (int row = 0; row < rows && !whole; row++)
                new Span<float>(partial + row * Tile, features).CopyTo(o.Weight.Gradient.Span[((output + row) * o.Inputs + feature)..]);
            if (unit == 0 && o.Bias is not null)
                BiasGradient(output, rows);
        }
    }

    private int Pitch => (o.Inputs + Tile - 1) / Tile * Tile;

    /// <summary>
    /// <c>y[j] = bias[j] + Σ w[j·row + k·column] · x[k]</c> for one block, eight outputs at a time. In the last group the last output may be
    /// computed more than once. A leaf method.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Product(float* x, int inputs, float* weight, nint row, nint column, float* bias, float* y, int outputs)
    {
        for (int lane = 0; lane < Tensor.Lanes; lane += T.Count)
            for (int j = 0; j < outputs; j += 8)
            {
                int last = outputs - 1 - j;
                nint j1 = Math.Min(1, last), j2 = Math.Min(2, last), j3 = Math.Min(3, last), j4 = Math.Min(4, last);
                nint j5 = Math.Min(5, last), j6 = Math.Min(6, last), j7 = Math.Min(7, last);
                T a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
                if (bias != null)
                {
                    float* b = bias + j;
                    (a0, a1, a2, a3) = (T.Broadcast(b[0]), T.Broadcast(b[j1]), T.Broadcast(b[j2]), T.Broadcast(b[j3]));
                    (a4, a5, a6, a7) = (T.Broadcast(b[j4]), T.Broadcast(b[j5]), T.Broadcast(b[j6]), T.Broadcast(b[j7]));
                }
                nint r1 = j1 * row, r2 = j2 * row, r3 = j3 * row, r4 = j4 * row, r5 = j5 * row, r6 = j6 * row, r7 = j7 * row;
                float* w = weight + j * row;
                float* source = x + lane;
                for (int k = inputs; k > 0; k--)
                {
                    T value = T.Load(source);
                    a0 = T.MultiplyAdd(value, T.Broadcast(w[0]), a0);
                    a1 = T.MultiplyAdd(value, T.Broadcast(w[r1]), a1);
                    a2 = T.MultiplyAdd(value, T.Broadcast(w[r2]), a2);
                    a3 = T.MultiplyAdd(value, T.Broadcast(w[r3]), a3);
                    a4 = T.MultiplyAdd(value, T.Broadcast(w[r4]), a4);
                    a5 = T.MultiplyAdd(value, T.Broadcast(w[r5]), a5);
                    a6 = T.MultiplyAdd(value, T.Broadcast(w[r6]), a6);
                    a7 = T.MultiplyAdd(value, T.Broadcast(w[r7]), a7);
                    w += column;
                    source += Tensor.Lanes;
                }
                float* target = y + (nint)j * Tensor.Lanes + lane;
                T.Store(target, a0);
                T.Store(target + j1 * Tensor.Lanes, a1);
                T.Store(target + j2 * Tensor.Lanes, a2);
                T.Store(target + j3 * Tensor.Lanes, a3);
                T.Store(target + j4 * Tensor.Lanes, a4);
                T.Store(target + j5 * Tensor.Lanes, a5);
                T.Store(target + j6 * Tensor.Lanes, a6);
                T.Store(target + j7 * Tensor.Lanes, a7);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TurnActivations(int block)
    {
        float* source = o.Input.Block(block);
        float* target = o.Activations!.Block(block);
        int features = o.Inputs, images = o.Input.ImagesIn(block);
        nint pitch = Pitch;
        for (nint image = 0; image < images; image++)
            for (nint feature = 0; feature < features; feature++)
                target[image * pitch + feature] = source[feature * Tensor.Lanes + image];
    }

    /// <summary>Four outputs × two vectors of features, summed over the valid images in order. A leaf method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WeightGradient(
        float* activation, nint activationPitch, float* gradient, nint gradientBlock, int rows, int images, float* target, nint targetPitch)
    {
        nint g1 = Math.Min(1, rows - 1) * Tensor.Lanes, g2 = Math.Min(2, rows - 1) * Tensor.Lanes, g3 = Math.Min(3, rows - 1) * Tensor.Lanes;
        T a00 = default, a01 = default, a10 = default, a11 = default, a20 = default, a21 = default, a30 = default, a31 = default;
        for (int first = 0; first < images; first += Tensor.Lanes)
        {
            float* g = gradient;
            for (int lane = Math.Min(Tensor.Lanes, images - first); lane > 0; lane--)
            {
                T x0 = T.Load(activation), x1 = T.Load(activation + T.Count);
                T d = T.Broadcast(g[0]);
                a00 = T.MultiplyAdd(x0, d, a00);
                a01 = T.MultiplyAdd(x1, d, a01);
                d = T.Broadcast(g[g1]);
                a10 = T.MultiplyAdd(x0, d, a10);
                a11 = T.MultiplyAdd(x1, d, a11);
                d = T.Broadcast(g[g2]);
                a20 = T.MultiplyAdd(x0, d, a20);
                a21 = T.MultiplyAdd(x1, d, a21);
                d = T.Broadcast(g[g3]);
                a30 = T.MultiplyAdd(x0, d, a30);
                a31 = T.MultiplyAdd(x1, d, a31);
                activation += activationPitch;
                g++;
            }
            gradient += gradientBlock;
        }
        T.Store(target, a00);
        T.Store(target + T.Count, a01);
        T.Store(target + targetPitch, a10);
        T.Store(target + targetPitch + T.Count, a11);
        T.Store(target + 2 * targetPitch, a20);
        T.Store(target + 2 * targetPitch + T.Count, a21);
        T.Store(target + 3 * targetPitch, a30);
        T.Store(target + 3 * targetPitch + T.Count, a31);
    }

    private void BiasGradient(int first, int rows)
    {
        var gradient = o.Bias!.Gradient.Span.Slice(first, rows);
        gradient.Clear();
        for (int block = 0; block < o.Output.Blocks; block++)
        {
            float* source = o.OutputGradient.Block(block) + (nint)first * Tensor.Lanes;
            for (int image = 0; image < o.Output.ImagesIn(block); image++)
                for (int row = 0; row < rows; row++)
                    gradient[row] += source[row * Tensor.Lanes + image];
        }
    }
}
