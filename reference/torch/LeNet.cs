using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conformance.Torch;

/// <summary>
/// LeNet as a TorchSharp user writes it: images <c>[N,1,28,28]</c> to logits <c>[N,10]</c>, 61,706 parameters. The names of the fields are the stems of the
/// state names, <c>conv1.weight</c> … <c>fc3.bias</c>.
/// </summary>
internal sealed class LeNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = Conv2d(1, 6, 5, 1, 2);
    private readonly Conv2d conv2 = Conv2d(6, 16, 5);
    private readonly Linear fc1 = Linear(16 * 5 * 5, 120);
    private readonly Linear fc2 = Linear(120, 84);
    private readonly Linear fc3 = Linear(84, 10);

    public LeNet()
        : base(nameof(LeNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = Pool(functional.relu(conv1.call(input)));
        x = Pool(functional.relu(conv2.call(x))).flatten(1, -1);
        x = functional.relu(fc1.call(x));
        x = functional.relu(fc2.call(x));
        return fc3.call(x);
    }

    private static Tensor Pool(Tensor x) => functional.max_pool2d(x, [2, 2], [2, 2]);
}
