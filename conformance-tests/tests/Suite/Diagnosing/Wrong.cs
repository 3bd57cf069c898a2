using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Wrong engines on the stored cases of an operation, for what is said of them.</summary>
internal static class Wrong
{
    /// <summary>One for all tests: what a known mistake answers to a stored case is always the same.</summary>
    public static Bank Bank { get; } = new();

    /// <summary>The stored cases of an operation, without the recipes.</summary>
    public static Question[] Questions(string op) =>
        [.. Repository.Vectors[op].Select(vector => vector.Question).Where(question => question.Hashes is null)];

    public static IReadOnlyList<Cause> Causes(ISubject subject, string op) =>
        Diagnosis.Diagnose(Questions(op).Select(question => Judge.Run(subject, question)), Bank);

    /// <summary>An engine with known mistakes, each in its own pass or two in one.</summary>
    public static ISubject With(params string[] ids) =>
        new OracleSubject(Summation.Reversed, ids.Select(AllOperations.DefectOf).Aggregate((Defect one, Defect other) => new PairDefect(one, other)));

    /// <summary>An engine that is right but for what is done to its answer.</summary>
    public static ISubject But(Func<LayerCase, LayerResult, LayerResult> change) => new Changed(change);

    /// <summary>The answer with one tensor changed.</summary>
    public static LayerResult With(LayerResult answer, string name, Func<Tensor64, Tensor64> change) =>
        answer.Select((of, tensor) => of == name ? change(tensor) : tensor);

    private sealed class Changed(Func<LayerCase, LayerResult, LayerResult> change) : ISubject
    {
        public string Name => "changed";

        public LayerResult Run(LayerCase layerCase) => change(layerCase, new OracleSubject(Summation.Reversed).Run(layerCase));
    }
}
