namespace Conformance.Oracle.Operations;

/// <summary>A row of a class loss: scores x[c] (logits or log-probabilities), the target's class y, and the weights of the classes.</summary>
public sealed class ClassRow
{
    private readonly LayerCase _layerCase;
    private readonly Tensor64 _x;
    private readonly Tensor64? _weight;

    private ClassRow(LayerCase layerCase, int index)
    {
        (_layerCase, Index) = (layerCase, index);
        _x = layerCase.Input("input");
        _weight = layerCase.Inputs.GetValueOrDefault("weight");
        Target = (int)layerCase.Input("target")[index];
    }

    public int Index { get; }

    /// <summary>The first row of the same batch.</summary>
    public ClassRow First => new(_layerCase, 0);

    public int Classes => _x.Shape[1];

    public int Target { get; }

    /// <summary>The row as a <see cref="LossItem"/>.</summary>
    public LossItem Item => new(Target, IgnoreIndex(_layerCase), TargetWeight);

    public double TargetWeight => Weight(Target);

    public double Smoothing => _layerCase.Attributes.Has("label_smoothing") ? _layerCase.Attributes.Number("label_smoothing") : 0;

    /// <summary>The largest score of the row.</summary>
    public double Max => Enumerable.Range(0, Classes).Max(X);

    /// <summary>The largest score of the whole batch.</summary>
    public double MaxOfBatch => _x.Data.ToArray().Max();

    public static ClassRow[] FromCase(LayerCase layerCase) =>
        [.. Enumerable.Range(0, layerCase.Input("target").Length).Select(row => new ClassRow(layerCase, row))];

    public static int IgnoreIndex(LayerCase layerCase) =>
        layerCase.Attributes.Has("ignore_index") ? layerCase.Attributes.Int("ignore_index") : LossItem.DefaultIgnoreIndex;

    public double X(int c) => _x[Index * Classes + c];

    /// <summary>The weight of a class; 1 if the case has no weights, or no such class.</summary>
    public double Weight(int c) => _weight is null || c < 0 || c >= Classes ? 1 : _weight[c];

    /// <summary>1 for the target, otherwise 0.</summary>
    public double OneHot(int c) => c == Target ? 1 : 0;
}
