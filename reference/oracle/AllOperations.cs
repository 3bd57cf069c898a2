using Conformance.Oracle.Operations;

namespace Conformance.Oracle;

/// <summary>Every operation that the oracle knows.</summary>
public static class AllOperations
{
    private static readonly Dictionary<string, Operation> ByName = new Operation[]
    {
        new Conv2dOperation(), new LinearOperation(),
        new MaxPool2dOperation(), new AvgPool2dOperation(), new AdaptiveAvgPool2dOperation(),
        new BatchNormOperation("batch_norm1d"), new BatchNormOperation("batch_norm2d"),
        new ReluOperation(), new LeakyReluOperation(), new TanhOperation(), new SigmoidOperation(), new SoftmaxOperation(), new LogSoftmaxOperation(),
        new FlattenOperation(), new DropoutOperation(),
        new CrossEntropyOperation(), new NllLossOperation(), new GeneralizedCrossEntropyOperation(), new MseLossOperation(),
        new SgdOperation(), new AdamOperation(decoupled: false), new AdamOperation(decoupled: true),
        new LeNetOperation(),
    }.ToDictionary(operation => operation.Name);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <exception cref="ArgumentException">No operation has that name.</exception>
    public static Operation Named(string name) => ByName.TryGetValue(name, out var operation)
        ? operation
        : throw new ArgumentException($"unknown operation '{name}': there are {string.Join(", ", Names)}");

    /// <summary>The kind of the operation with that name; null if there is none.</summary>
    public static OperationKind? KindOf(string name) => ByName.GetValueOrDefault(name)?.Kind;

    /// <summary>The known mistake with that id, such as <c>conv2d.kernel-rotated</c>.</summary>
    /// <exception cref="ArgumentException">No operation has that name, or the operation has no such defect.</exception>
    public static Defect DefectOf(string id) => Named(id.Split('.')[0]).Defects.FirstOrDefault(defect => defect.Id == id)
        ?? throw new ArgumentException($"unknown defect '{id}'");

    /// <summary>Draws the case that an id describes.</summary>
    public static LayerCase Draw(string id, ulong seed = 1, IReadOnlyList<string>? catches = null) =>
        Named(new Spelling(id).Op).Draw(id, seed, catches);
}
