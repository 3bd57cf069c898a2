using Conformance.Oracle.Operations;

namespace Conformance.Oracle;

/// <summary>Every operation that the oracle knows.</summary>
public static class AllOperations
{
    private static readonly Dictionary<string, Operation> ByName = new Operation[]
    {
        new Conv2dTaps(), new LinearTaps(),
        new MaxPool2dTaps(), new AvgPool2dTaps(), new AdaptiveAvgPool2dTaps(),
        new BatchNorm("batch_norm1d"), new BatchNorm("batch_norm2d"),
        new ReluTaps(), new LeakyReluTaps(), new Tanh(), new Sigmoid(), new Softmax(), new LogSoftmax(),
        new FlattenTaps(), new DropoutTaps(),
        new CrossEntropy(), new NllLoss(), new GeneralizedCrossEntropy(), new MseLoss(),
        new SgdSteps(), new AdamSteps(decoupled: false), new AdamSteps(decoupled: true),
        new LeNet(),
    }.ToDictionary(operation => operation.Name);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <exception cref="ArgumentException">No operation has that name.</exception>
    public static Operation Named(string name) => ByName.TryGetValue(name, out var operation)
        ? operation
        : throw new ArgumentException($"unknown operation '{name}': there are {string.Join(", ", Names)}");

    /// <summary>The known mistake of that id, such as <c>conv2d.kernel-rotated</c>.</summary>
    /// <exception cref="ArgumentException">No operation has that name, or it has no such defect.</exception>
    public static Defect DefectOf(string id) => Named(id.Split('.')[0]).Defects.FirstOrDefault(defect => defect.Id == id)
        ?? throw new ArgumentException($"unknown defect '{id}'");

    /// <summary>Draws the case that an id spells.</summary>
    public static LayerCase Draw(string id, ulong seed = 1, IReadOnlyList<string>? catches = null) =>
        Named(new Spelling(id).Op).Draw(id, seed, catches);
}
