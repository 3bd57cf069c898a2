using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Stochastic gradient descent with momentum, in PyTorch's form: the first step's buffer is the gradient itself;
    /// then <c>buffer = momentum·buffer + gradient</c>; <c>parameter −= rate·buffer</c>.
    /// </summary>
    public class SGD : torch.optim.Optimizer
    {
        private readonly Parameter[] _parameters;
        private readonly torch.Tensor?[] _buffers;
        private readonly Group _group;
        private readonly double _momentum;

        internal SGD(IEnumerable<Parameter> parameters, double rate, double momentum)
        {
            _parameters = [.. parameters];
            _buffers = new torch.Tensor?[_parameters.Length];
            (_group, _momentum) = (new() { LearningRate = rate }, momentum);
        }

        public override IEnumerable<torch.optim.ILearningRateController> ParamGroups => [_group];

        public override void zero_grad()
        {
            foreach (var parameter in _parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is not null)
                    Native.Call("zero_", gradient).Dispose();
            }
        }

        public override torch.Tensor? step(Func<torch.Tensor>? closure = null)
        {
            var loss = closure?.Invoke();
            using var noGrad = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            for (var i = 0; i < _parameters.Length; i++)
            {
                if (_parameters[i].grad is not { } direction)
                    continue;
                if (_momentum != 0)
                {
                    if (_buffers[i] is { } buffer)
                        Native.Call("add_.Tensor", Native.Call("mul_.Scalar", buffer, _momentum), direction, 1);
                    else
                        _buffers[i] = direction.clone().DetachFromDisposeScope();
                    direction = _buffers[i]!;
                }
                Native.Call("add_.Tensor", _parameters[i], direction, -_group.LearningRate);
            }
            return loss;
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var buffer in _buffers)
                buffer?.Dispose();
            base.Dispose(disposing);
        }

        private sealed class Group : torch.optim.ILearningRateController
        {
            public double LearningRate { get; set; }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static class optim
        {
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                dampening == 0 && weight_decay == 0 && !nesterov && !maximize
                    ? new(parameters, learningRate, momentum)
                    : throw new NotSupportedException("the stand-in's SGD has momentum, and no dampening, weight decay, Nesterov or maximising");

            /// <summary>A group of parameters, all of them here, and its rate.</summary>
            public interface ILearningRateController
            {
                double LearningRate { get; set; }
            }

            public abstract class Optimizer : IDisposable
            {
                private protected Optimizer()
                {
                }

                public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

                public abstract void zero_grad();

                public abstract Tensor? step(Func<Tensor>? closure = null);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                }
            }
        }
    }
}
