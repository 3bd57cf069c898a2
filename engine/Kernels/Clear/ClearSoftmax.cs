using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>
/// Softmax and log-softmax as plain loops, row by row. Sums are float64. Subtracting the row's largest element prevents overflow.
/// </summary>
internal sealed unsafe class ClearSoftmax(SoftmaxOperands operands, bool logarithm) : SoftmaxKernel(operands)
{
    public override Layout Layout => Layout.Nchw;

    protected override void ForwardImages(int block)
    {
        for (int row = 0; row < o.Input.ImagesIn(block) * o.Outer * o.Inner; row++)
            ForwardRow(o.Input.Block(block), o.Output.Block(block), Row(row));
    }

    protected override void BackwardImages(int block)
    {
        for (int row = 0; row < o.Input.ImagesIn(block) * o.Outer * o.Inner; row++)
            BackwardRow(o.Output.Block(block), o.OutputGradient.Block(block), o.InputGradient!.Block(block), Row(row));
    }

    protected override void ForwardRow(float* x, float* y, SoftmaxRow row) => Forward(x, y, row, logarithm);

    protected override void BackwardRow(float* y, float* dy, float* dx, SoftmaxRow row) => Backward(y, dy, dx, row, logarithm);

    /// <summary>y = e^(x − max) / Σ e^(x − max), or its logarithm x − max − log Σ e^(x − max).</summary>
    public static void Forward(float* x, float* y, SoftmaxRow row, bool logarithm)
    {
        float largest = float.NegativeInfinity;
        for (int i = 0; i < row.Length; i++)
            largest = MathF.Max(largest, x[row.At(i)]);
        double sum = 0;
        for (int i = 0; i < row.Length; i++)
            sum += y[row.At(i)] = MathF.Exp(x[row.At(i)] - largest);
        float log = (float)Math.Log(sum);
        for (int i = 0; i < row.Length; i++)
            y[row.At(i)] = logarithm ? x[row.At(i)] - largest - log : (float)(y[row.At(i)] / sum);
    }

    /// <summary>dx = y·(dy − Σ y·dy), or for log-softmax dx = dy − eʸ·Σ dy.</summary>
    public static void Backward(float* y, float* dy, float* dx, SoftmaxRow row, bool logarithm)
    {
        double sum = 0;
        for (int i = 0; i < row.Length; i++)
            sum += logarithm ? dy[row.At(i)] : (double)y[row.At(i)] * dy[row.At(i)];
        for (int i = 0; i < row.Length; i++)
        {
            int at = row.At(i);
            dx[at] = (float)(logarithm ? dy[at] - MathF.Exp(y[at]) * sum : y[at] * (dy[at] - sum));
        }
    }

    /// <summary>One of the rows in a block of images. Rows are numbered in the order of their first elements.</summary>
    private SoftmaxRow Row(int row)
    {
        var (outer, inner) = Math.DivRem(row, o.Inner);
        return new(o.Length, outer * o.Length * o.Inner + inner, o.Inner, 0);
    }
}
