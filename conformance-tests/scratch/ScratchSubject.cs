using System.Runtime.CompilerServices;
using Conformance.Engine.Kernels;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Scratch;

/// <summary>Our engine, with one of its kernel variants, as the suite sees it.</summary>
public sealed class ScratchSubject : ISubject
{
    private readonly KernelChoice _kernels;

    /// <summary>A case that is asked again goes to the same layer with the same tensors: a call must leave nothing behind for the next.</summary>
    private readonly ConditionalWeakTable<LayerCase, Func<LayerResult>> _again = [];

    /// <exception cref="ArgumentException">There is no such variant, or the environment forces another one on every layer.</exception>
    public ScratchSubject(string kernel)
    {
        _kernels = KernelChoice.Named(kernel);
        if (KernelChoice.Forced is { } forced && forced != _kernels)
            throw new ArgumentException($"kernel {kernel}: the environment forces {forced} ({KernelChoice.Variable})");
    }

    /// <summary>The variants that can be judged: all in the engine's table, or the one that the environment forces.</summary>
    public static IReadOnlyList<string> Kernels => KernelChoice.Forced is { } forced
        ? [forced.Name]
        : [.. KernelTable.Rows.Select(row => row.Name).Distinct()];

    /// <summary>The operations that the engine has.</summary>
    public static IReadOnlyList<string> Operations { get; } =
        [.. KernelTable.Rows.Select(row => row.Operation).Append("flatten").Append("lenet").Distinct()];

    public string Name => "scratch";

    public string Kernel => _kernels.Name;

    public LayerResult Run(LayerCase layerCase) => (layerCase.Repeat > 1 ? _again.GetValue(layerCase, Ready) : Ready(layerCase))();

    /// <summary>Makes the layer and its arguments; each call of what comes back runs it forward and backward.</summary>
    private Func<LayerResult> Ready(LayerCase layerCase) => layerCase.Op switch
    {
        "cross_entropy" or "nll_loss" or "generalized_cross_entropy" or "mse_loss" => ScratchLoss.Ready(layerCase, _kernels),
        "sgd" or "adam" or "adamw" => ScratchOptimizer.Ready(layerCase, _kernels),
        "lenet" => new ScratchLeNet(layerCase, _kernels).Run,
        _ => ScratchLayer.Ready(layerCase, ScratchLayer.Create(layerCase, _kernels)),
    };
}
