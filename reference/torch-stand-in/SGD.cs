using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Stochastic gradient descent in PyTorch's form: <c>g = gradient + weight_decay·parameter</c>; the first step's buffer is <c>g</c> itself, then
/// <c>buffer = momentum·buffer + (1 − dampening)·g</c>; <c>parameter −= rate·buffer</c>, and with Nesterov <c>rate·(g + momentum·buffer)</c>.
/// </summary>
public class SGD : OptimizerHelper
{
    private readonly (double Momentum, double Dampening, double Decay, bool Nesterov) _options;

    internal SGD(IEnumerable<Parameter> parameters, double rate, double momentum, double dampening, double decay, bool nesterov)
        : base(parameters, rate, _ => new State())
    {
        Require(momentum >= 0, "momentum value", momentum);
        Require(decay >= 0, "weight_decay value", decay);
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
        _options = (momentum, dampening, decay, nesterov);
    }

    private protected override void Update(Parameter parameter, Tensor gradient, OptimizerState state, double rate)
    {
        var (momentum, dampening, decay, nesterov) = _options;
        var direction = decay == 0 ? gradient : Sum(gradient, parameter, decay);
        if (momentum != 0)
        {
            var own = (State)state;
            if (own.momentum_buffer is { } buffer)
                Blend(buffer, momentum, direction, 1 - dampening);
            else
                own.momentum_buffer = direction.clone().DetachFromDisposeScope();
            direction = nesterov ? Sum(direction, own.momentum_buffer, momentum) : own.momentum_buffer;
        }
        Native.Call("add_.Tensor", parameter, direction, -rate);
    }

    public sealed class State : OptimizerState
    {
        /// <summary>Null before the first step, and always where there is no momentum.</summary>
        public Tensor? momentum_buffer;

        internal State()
        {
        }

        internal override void Free() => momentum_buffer?.Dispose();
    }
}
