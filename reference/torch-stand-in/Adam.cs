using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Adam in PyTorch's form, without amsgrad: <c>g = gradient + weight_decay·parameter</c>, then <see cref="Moments.Step"/>.
/// </summary>
public class Adam : OptimizerHelper
{
    private readonly Moments _moments;

    internal Adam(IEnumerable<Parameter> parameters, double rate, Moments moments)
        : base(parameters, rate, parameter => new State(parameter)) => _moments = moments;

    private protected override void Update(Parameter parameter, Tensor gradient, OptimizerState state, double rate)
    {
        var own = (State)state;
        var direction = _moments.Decay == 0 ? gradient : Sum(gradient, parameter, _moments.Decay);
        _moments.Step(parameter, direction, own.exp_avg, own.exp_avg_sq, ++own.Steps, rate);
    }

    public sealed class State : OptimizerState
    {
        public Tensor exp_avg;
        public Tensor exp_avg_sq;

        internal State(Parameter parameter) => (exp_avg, exp_avg_sq) = (Moments.Zeros(parameter), Moments.Zeros(parameter));

        internal long Steps { get; set; }

        internal override void Free()
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
        }
    }
}

/// <summary>Adam with the decay decoupled: <c>parameter *= 1 − rate·weight_decay</c>, then <see cref="Moments.Step"/> with the gradient as it came.</summary>
public class AdamW : OptimizerHelper
{
    private readonly Moments _moments;

    internal AdamW(IEnumerable<Parameter> parameters, double rate, Moments moments)
        : base(parameters, rate, parameter => new State(parameter)) => _moments = moments;

    private protected override void Update(Parameter parameter, Tensor gradient, OptimizerState state, double rate)
    {
        var own = (State)state;
        Native.Call("mul_.Scalar", parameter, 1 - rate * _moments.Decay);
        _moments.Step(parameter, gradient, own.exp_avg, own.exp_avg_sq, ++own.Steps, rate);
    }

    public sealed class State : OptimizerState
    {
        public Tensor exp_avg;
        public Tensor exp_avg_sq;

        internal State(Parameter parameter) => (exp_avg, exp_avg_sq) = (Moments.Zeros(parameter), Moments.Zeros(parameter));

        internal long Steps { get; set; }

        internal override void Free()
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
        }
    }
}

/// <summary>What Adam and AdamW have in common (Kingma and Ba 2015, algorithm 1).</summary>
internal sealed class Moments
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _eps;

    public Moments(double beta1, double beta2, double eps, double decay)
    {
        if (eps < 0 || beta1 is < 0 or >= 1 || beta2 is < 0 or >= 1 || decay < 0)
            throw new ArgumentException($"Invalid option: expected betas in [0, 1), eps and weight_decay of at least 0, got {beta1}, {beta2}, {eps}, {decay}");
        (_beta1, _beta2, _eps, Decay) = (beta1, beta2, eps, decay);
    }

    public double Decay { get; }

    public static Tensor Zeros(Parameter parameter) => Native.Call("zeros_like", parameter, default, default, default, default, default).DetachFromDisposeScope();

    /// <summary>
    /// In place: <c>m = β₁·m + (1 − β₁)·g</c>, <c>v = β₂·v + (1 − β₂)·g²</c>,
    /// <c>parameter −= rate/(1 − β₁ᵗ) · m/(√v/√(1 − β₂ᵗ) + ε)</c>.
    /// </summary>
    /// <param name="step">t, from 1.</param>
    public void Step(Parameter parameter, Tensor gradient, Tensor mean, Tensor square, long step, double rate)
    {
        Native.Call("add_.Tensor", Native.Call("mul_.Scalar", mean, _beta1), gradient, 1 - _beta1);
        Native.Call("addcmul_", Native.Call("mul_.Scalar", square, _beta2), gradient, gradient, 1 - _beta2);
        var deviation = Native.Call("div.Scalar", Native.Call("sqrt", square), Math.Sqrt(1 - Math.Pow(_beta2, step)));
        Native.Call("addcdiv_", parameter, mean, Native.Call("add_.Scalar", deviation, _eps, 1), -rate / (1 - Math.Pow(_beta1, step)));
    }
}
