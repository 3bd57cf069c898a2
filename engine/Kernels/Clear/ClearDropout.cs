using Conformance.Engine.Kernels.Operations;
using Conformance.Engine.Tensors;

namespace Conformance.Engine.Kernels.Clear;

/// <summary>
/// Dropout as plain loops, with a drawn or a given mask. It computes in either layout. Each image has its own sequence of random numbers, used in the
/// order of the image's elements, so that the layout does not change the mask.
/// </summary>
internal sealed class ClearDropout(DropoutOperands o, Layout layout) : Kernel
{
    public override Layout Layout => layout;

    public override void Begin()
    {
        o.Step = o.Passes;
        if (o.Drops)
            o.Passes++;
    }

    public override void Forward(int block)
    {
        if (o.Drops && !o.Given)
            Draw(block);
        Apply(o.Input.Slice(block), o.Output.Slice(block), block);
    }

    public override void Backward(int block)
    {
        if (o.InputGradient is not null)
            Apply(o.OutputGradient.Slice(block), o.InputGradient.Slice(block), block);
    }

    private void Apply(ReadOnlySpan<float> source, Span<float> target, int block)
    {
        if (!o.Drops)
        {
            source.CopyTo(target);
            return;
        }
        var mask = o.Mask.Slice(block);
        float scale = o.Scale;
        for (int i = 0; i < source.Length; i++)
            target[i] = source[i] * (mask[i] * scale);
    }

    /// <summary>
    /// Draws the mask of a block: 1 where a number in (0, 1] is above p. Hashes give the generator's state for each image, so that no two images
    /// share a sequence.
    /// </summary>
    private void Draw(int block)
    {
        var mask = o.Mask.Slice(block);
        int size = o.Mask.ImageSize;
        ulong step = Hash(Hash(o.Seed) ^ (ulong)o.Step);
        for (int n = 0; n < o.Mask.ImagesIn(block); n++)
        {
            var random = new SplitMix64(Hash(step ^ (ulong)(block * Tensor.Lanes + n)));
            for (int i = 0; i < size; i++)
                mask[layout == Layout.Blocked ? i * Tensor.Lanes + n : n * size + i] = random.Uniform() > o.P ? 1 : 0;
        }
    }

    private static ulong Hash(ulong state) => new SplitMix64(state).Next();
}
