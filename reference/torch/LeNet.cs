using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch;

/// <summary>
/// A LeNet in TorchSharp's usual style: images <c>[N,1,28,28]</c> to logits <c>[N,10]</c>, 61,706 parameters. The names of the fields are the
/// prefixes of the state names, <c>conv1.weight</c> … <c>fc3.bias</c>.
/// </summary>
internal sealed class LeNet : Module<Tensor, Tensor>
{
    private const double SamePatch = 1e-12;

    private readonly Conv2d conv1 = Conv2d(1, 6, 5, 1, 2);
    private readonly Conv2d conv2 = Conv2d(6, 16, 5);
    private readonly Linear fc1 = Linear(16 * 5 * 5, 120);
    private readonly Linear fc2 = Linear(120, 84);
    private readonly Linear fc3 = Linear(84, 10);

    private readonly Func<Tensor, Tensor> _kept;

    /// <param name="kept">A function that each layer applies to its output and its gradient, and to the images; the identity if null.</param>
    public LeNet(Func<Tensor, Tensor>? kept = null)
        : base(nameof(LeNet))
    {
        _kept = kept ?? (x => x);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = _kept(Pool(functional.relu(conv1.call(_kept(input)))));
        x = _kept(Pool(functional.relu(conv2.call(x))).flatten(1, -1));
        x = _kept(functional.relu(fc1.call(x)));
        x = _kept(functional.relu(fc2.call(x)));
        return _kept(fc3.call(x));
    }

    /// <summary>
    /// The distance of each image from its nearest kink, <c>[N]</c>: the smallest of three kinds of numbers. They are |maximum of a pool's window|
    /// (before the ReLU, which is equivalent), the lead of a positive maximum over the window's second, and |input of another ReLU|. If the distance
    /// is less than rounding, two correct engines may take different branches.
    /// </summary>
    public Tensor Margin(Tensor input)
    {
        using var noGrad = no_grad();
        var first = conv1.call(input);
        var second = conv2.call(Pool(functional.relu(first)));
        var third = fc1.call(Pool(functional.relu(second)).flatten(1, -1));
        var fourth = fc2.call(functional.relu(third));
        return stack([PoolMargin(first), PoolMargin(second), third.abs().amin([1]), fourth.abs().amin([1])], 0).amin([0]);
    }

    private static Tensor PoolMargin(Tensor x)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var largest = x.reshape(n, c, h / 2, 2, w / 2, 2).permute(0, 1, 2, 4, 3, 5).reshape(n, -1, 4).topk(2, 2).values;
        var (maximum, lead) = (largest.select(2, 0), largest.select(2, 0) - largest.select(2, 1));
        // Equal patches of the image's background give equal elements, and either choice gives the same gradients.
        var harmless = maximum.le(0).logical_or(lead.le(SamePatch));
        return minimum(maximum.abs(), lead.masked_fill(harmless, double.PositiveInfinity)).amin([1]);
    }

    private static Tensor Pool(Tensor x) => functional.max_pool2d(x, [2, 2], [2, 2]);
}
