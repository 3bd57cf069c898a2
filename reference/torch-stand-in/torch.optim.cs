using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static class optim
    {
        public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0.0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
            maximize ? throw Unsupported("maximising") : new(parameters, learningRate, momentum, dampening, weight_decay, nesterov);

        public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            amsgrad || maximize ? throw Unsupported("amsgrad and maximising") : new(parameters, lr, new(beta1, beta2, eps, weight_decay));

        public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            amsgrad || maximize ? throw Unsupported("amsgrad and maximising") : new(parameters, lr, new(beta1, beta2, eps, weight_decay));

        private static NotSupportedException Unsupported(string what) => new($"the stand-in's optimisers have no {what}");

        /// <summary>A group of parameters, all of them here, and its rate.</summary>
        public interface ILearningRateController
        {
            double LearningRate { set; }
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

            /// <summary>What an optimiser keeps, parameter by parameter.</summary>
            public class StateDictionary
            {
                internal StateDictionary(List<OptimizerState> state) => State = state;

                public List<OptimizerState> State { get; }
            }
        }
    }
}
