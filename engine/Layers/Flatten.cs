namespace Conformance.Engine;

/// <summary><c>[N, C, H, W]</c> to <c>[N, C·H·W]</c>, as <c>torch.nn.Flatten</c>. The memory stays where it is, in either layout.</summary>
public sealed class Flatten : Layer
{
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _inputGradient;

    public override string Operation => "flatten";

    internal override Layout? InputLayout => null;

    internal override Tensor Connect(Tensor input)
    {
        _input = input;
        return input.View(ref _output, input.Images, input.ImageSize);
    }

    internal override Tensor? ConnectBackward(Tensor outputGradient, bool wanted) =>
        wanted ? outputGradient.View(ref _inputGradient, _input!.Shape) : null;

    internal override void ForwardBlock(int block)
    {
    }

    internal override void BackwardBlock(int block)
    {
    }
}
