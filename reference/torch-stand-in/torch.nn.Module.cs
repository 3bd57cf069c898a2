using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module trains. It takes over the native tensor of the one it is made from.</summary>
    public class Parameter : torch.Tensor
    {
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : base(data) => requires_grad_(requires_grad);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Something with parameters, its own and those of the modules in its fields.</summary>
            public class Module : IDisposable
            {
                private readonly List<(string, Parameter)> _parameters = [];
                private readonly List<(string, Module)> _modules = [];

                protected Module(string name)
                {
                }

                /// <summary>Enters each field that holds a parameter or a module, under the field's name.</summary>
                protected virtual void RegisterComponents()
                {
                    foreach (var field in GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                    {
                        switch (field.GetValue(this))
                        {
                            case Parameter parameter:
                                Register(field.Name, parameter);
                                break;
                            case Module module:
                                _modules.Add((field.Name, module));
                                break;
                            default:
                                break;
                        }
                    }
                }

                /// <summary>A module's parameters end with it, not with the scope in which it was made.</summary>
                private protected void Register(string name, Parameter parameter)
                {
                    parameter.DetachFromDisposeScope();
                    _parameters.Add((name, parameter));
                }

                public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
                {
                    foreach (var own in _parameters)
                        yield return own;
                    if (!recurse)
                        yield break;
                    foreach (var (stem, module) in _modules)
                    {
                        foreach (var (name, parameter) in module.named_parameters())
                            yield return ($"{stem}.{name}", parameter);
                    }
                }

                public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                    named_parameters(recurse).Select(pair => pair.parameter);

                /// <summary>For modules that differ in training; those here do not.</summary>
                public virtual void train(bool train = true)
                {
                    foreach (var (_, module) in _modules)
                        module.train(train);
                }

                public virtual void eval() => train(false);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                    if (!disposing)
                        return;
                    foreach (var (_, parameter) in named_parameters())
                        parameter.Dispose();
                }
            }

            /// <summary>A module with one input.</summary>
            public abstract class Module<T, TResult> : Module
            {
                protected Module(string name)
                    : base(name)
                {
                }

                public abstract TResult forward(T input);

                public TResult call(T input) => forward(input);
            }
        }
    }
}
