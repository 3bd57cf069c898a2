using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Scratch;

/// <summary>Adapts our engine, with one of its kernel variants, to the suite.</summary>
public sealed class ScratchSubject : ISubject
{
    private readonly KernelChoice _kernels;

    /// <summary>
    /// The layers by case. If a case is asked again, the same layer answers with the same tensors, so that state left by a call is visible.
    /// </summary>
    private readonly ConditionalWeakTable<LayerCase, Func<LayerResult>> _again = [];

    /// <exception cref="ArgumentException">There is no such variant, or the environment forces another one.</exception>
    public ScratchSubject(string kernel)
    {
        _kernels = KernelChoice.Named(kernel);
        if (KernelChoice.Forced is { } forced && forced != _kernels)
            throw new ArgumentException($"kernel {kernel}: the environment forces {forced} ({KernelChoice.Variable})");
    }

    /// <summary>The variants that can be judged: all in the engine's table, or only the one that the environment forces.</summary>
    public static IReadOnlyList<string> Kernels => KernelChoice.Forced is { } forced
        ? [forced.Name]
        : [.. KernelTable.Rows.Select(row => row.Name).Distinct()];

    /// <summary>The operations that the engine has.</summary>
    public static IReadOnlyList<string> Operations { get; } =
        [.. KernelTable.Rows.Select(row => row.Operation).Append("flatten").Append("lenet").Distinct()];

    public string Name => "scratch";

    public string Kernel => _kernels.Name;

    public LayerResult Run(LayerCase layerCase) => (layerCase.Repeat > 1 ? _again.GetValue(layerCase, Ready) : Ready(layerCase))();

    /// <summary>Creates the layer and its arguments. Each call of the returned function runs it forward and backward.</summary>
    private Func<LayerResult> Ready(LayerCase layerCase) => layerCase.Op switch
    {
        "cross_entropy" or "nll_loss" or "generalized_cross_entropy" or "mse_loss" => ScratchLoss.Ready(layerCase, _kernels),
        "sgd" or "adam" or "adamw" => ScratchOptimizer.Ready(layerCase, _kernels),
        "lenet" => new ScratchLeNet(layerCase, _kernels).Run,
        _ => ScratchLayer.Ready(layerCase, ScratchLayer.Create(layerCase, _kernels)),
    };
}
