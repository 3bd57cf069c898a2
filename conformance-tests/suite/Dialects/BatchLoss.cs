using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>Computes the loss of a batch from the losses of its rows.</summary>
internal sealed class BatchLoss(LayerCase layerCase, Declaration declared)
{
    private readonly string _reduction = layerCase.Attributes.Text("reduction");

    private readonly double _divisor = layerCase.Attributes.Text("reduction") == "mean" ? Divisor(layerCase, declared) : 1;

    /// <summary>
    /// Whether a case is a loss whose rows are reduced here. In <c>mse_loss</c> without reduction every element is a loss, so its rows are not
    /// reduced.
    /// </summary>
    public static bool Is(LayerCase layerCase) => layerCase.Op switch
    {
        "cross_entropy" or "nll_loss" or "generalized_cross_entropy" or FusedLoss.Operation => true,
        "mse_loss" => layerCase.Attributes.Text("reduction") != "none",
        _ => false,
    };

    /// <summary>The attributes for the question of one row.</summary>
    public static Attributes Attributes(LayerCase layerCase) =>
        layerCase.Op == "mse_loss" ? layerCase.Attributes : layerCase.Attributes.With("reduction", "sum");

    /// <summary>The batch's loss with the case's reduction, from one number per row.</summary>
    public Tensor64 Reduced(Tensor64 rows) => _reduction == "none" || rows.Rank != 1
        ? rows
        : Tensor64.Scalar(rows.Data.ToArray().Sum()
            / (Declares("loss_reduction") || _divisor == 0 && Declares("loss_of_nothing") ? 1 : _divisor));

    /// <summary>The factor of a row's gradient.</summary>
    public double Factor(int row) => _reduction == "none" ? layerCase.Cotangents["output"][row]
        : Declares("loss_reduction") || Declares("loss_gradient") ? 1
        : _divisor == 0 ? 1 // all rows are ignored, and none has a gradient
        : 1 / _divisor;

    private bool Declares(string convention) => declared.Conventions.ContainsKey(convention);

    private static double Divisor(LayerCase layerCase, Declaration declared)
    {
        var target = layerCase.Input("target");
        if (layerCase.Op == "mse_loss")
            return target.Shape[0];
        var weights = declared.Conventions.ContainsKey("class_weight_mean")
            ? null
            : layerCase.Inputs.GetValueOrDefault(layerCase.Op == FusedLoss.Operation ? "class_weight" : "weight");
        var ignored = layerCase.Attributes.Has("ignore_index") ? layerCase.Attributes.Int("ignore_index") : -100;
        return target.Data.ToArray().Where(y => y != ignored).Sum(y => weights is null ? 1 : weights[(int)y]);
    }
}
