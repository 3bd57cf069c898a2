using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// A mistake of behaviour and not of a formula: an engine writes to its arguments, keeps state between calls, reads memory that it did not write, or
/// computes with too few digits. Any operation can have it.
/// </summary>
/// <param name="Shows">Whether the evidence shows this mistake.</param>
/// <param name="Wrap">Turns a correct engine into one with this mistake.</param>
public sealed record BehaviourDefect(
    string Id, MistakeClass Class, string Mistake, string Mend, Func<Evidence, IReadOnlyList<Pattern>, bool> Shows, Func<ISubject, ISubject> Wrap)
    : Defect(Id, Passes.All, Class, Mistake, Mend);

/// <summary>The known mistakes of behaviour.</summary>
public static class BehaviourDefects
{
    /// <summary>The same question gets another answer.</summary>
    internal static BehaviourDefect AnswersDiffer { get; } = new("any.answers-differ", MistakeClass.Race,
        "the same question gets another answer each time: two threads write to one place, memory is not cleared, or state is kept",
        "give every sum one owner, clear what is reused, and keep nothing from call to call",
        (evidence, patterns) => evidence.Kind == EvidenceKind.Repetition && patterns.All(pattern => pattern.Class != MistakeClass.Accumulates),
        right => new Answering(right, (result, call) => call == 0 ? result : Each(result, value => value + call)));

    /// <summary>The same question gets another answer after other questions. <see cref="StaleDefects"/> says which memory it is.</summary>
    internal static BehaviourDefect Stale { get; } = new("any.memory-kept", MistakeClass.Stale,
        "the answer depends on what was asked before: memory that is not written or not cleared, or a copy that is kept from an earlier call",
        "clear what is reused, write every element, and keep no copy of an input from call to call",
        (evidence, _) => evidence.Kind == EvidenceKind.Repetition
            && evidence.Wrong.All(sight => sight.Report.Difference is { After: Occasion.AfterNaN or Occasion.AfterNumbers or Occasion.Later }),
right => new OneElement(right));

    /// <summary>On what they are tried: one operation that is bounded too, one of another kind.</summary>
    public static IReadOnlyList<string> TriedOn { get; } = ["linear", "max_pool2d"];

    public static IReadOnlyList<BehaviourDefect> All { get; } =
    [
        new("any.argument-changed", MistakeClass.ArgumentChanged,
            "the engine writes to an array that it was given", "write results to arrays of your own",
            (evidence, _) =>
                evidence.Kind == EvidenceKind.Arguments, right => new Answering(right, (_, _) => throw new ChangedArgumentException("input"))),
        new("any.gradients-accumulate", MistakeClass.Accumulates,
            "what an earlier call added up is still there in the next", "set gradients to zero before each backward pass, or assign them",
            (_, patterns) =>
                patterns.Any(pattern => pattern.Class == MistakeClass.Accumulates), right =>
                new Answering(right, (result, call) => call == 0 ? result : Each(result, value => (call + 1) * value))),
        Stale,
        new("any.result-overwritten", MistakeClass.Stale,
            "the answer is a view of memory that the next call overwrites", "return memory that is the caller's own",
            (evidence, _) => evidence.Kind == EvidenceKind.Repetition
                && evidence.Wrong.All(sight => sight.Report.Difference is { After: Occasion.Overwritten }),
            right => new Overwriting(right)),
        AnswersDiffer,
        new("any.by-heart", MistakeClass.ByHeart,
            "right for the stored numbers alone: other numbers of the same sizes get wrong answers, as from a table",
            "compute the answer from the inputs",
            (evidence, _) => evidence.Wrong.All(sight => sight.Report.TwinOf is not null) && evidence.Wrong.Count > 1
                && evidence.Kind is not EvidenceKind.Repetition,
            right => new ByHeart(right)),
        new("any.integers", MistakeClass.IntegerType,
            "a buffer has the type of an integer input, and cuts fractions off", "make every buffer a floating-point one",
            (_, patterns) =>
                patterns.Any(pattern => pattern.Class == MistakeClass.IntegerType), right =>
                new Answering(right, (result, _) => Each(result, Math.Truncate))),
        new("any.gradients-left-out", MistakeClass.MissingGradient,
            "the answer has no gradients", "answer the gradient of each floating-point input, or say that it is unsupported",
            (evidence, patterns) =>
                patterns.Any(pattern => pattern.IsMissing) && evidence.Wrong.All(sight => sight.Report.Tensors.All(IsPresentOrNoGradient)), right =>
                new Answering(right, (result, _) => new(result.Outputs, new Dictionary<string, Tensor64>()))),
        new("any.does-not-run", MistakeClass.DoesNotRun,
            "the engine throws, whatever it is asked", "run it on one case and read the exception",
            (evidence, _) =>
                evidence is { Fault: Fault.Threw, Right.Count: 0 }, right =>
                new Answering(right, (_, _) => throw new MissingMethodException("no such method"))),
    ];

    /// <summary>
    /// Missing checks that are none of an operation's own known ones. It is not in <see cref="All"/>: what it shows is made of those.
    /// </summary>
    public static BehaviourDefect Unchecked { get; } = new("any.unchecked", MistakeClass.Unchecked,
        "the engine answers with numbers what must be refused", "check sizes and options before anything is computed, and throw with what was wrong",
        (evidence, _) => evidence.Kind == EvidenceKind.Refusals, right => right);

    /// <summary>The mistake of behaviour that some evidence shows; null where it shows none.</summary>
    public static BehaviourDefect? Find(Evidence evidence, IReadOnlyList<Pattern> patterns) =>
        All.Append(Unchecked).FirstOrDefault(defect => defect.Shows(evidence, patterns));

    /// <summary>One tensor that is missing among others is not all of them.</summary>
    private static bool IsPresentOrNoGradient(TensorComparison tensor) =>
        tensor.IsMissing == tensor.Name.StartsWith("gradients.", StringComparison.Ordinal);

    private static LayerResult Each(LayerResult result, Func<double, double> change) => result.Select((_, tensor) => tensor.Select(change));

    /// <summary>An engine that scales its first element by 0 before it adds, on memory that it gave out before.</summary>
    private sealed class OneElement(ISubject right) : ISubject
    {
        private readonly Dictionary<string, double> _memory = [];

        public string Name => right.Name;

        public LayerResult Run(LayerCase layerCase) => right.Run(layerCase).Select((name, tensor) =>
        {
            var (key, i) = ($"{layerCase.Op} {name} {tensor}", 0);
            var left = _memory.GetValueOrDefault(key);
            _memory[key] = tensor.Data.ContainsAnyExcept(double.NaN) ? 0 : double.NaN;
            return tensor.Select(value => i++ == 0 ? value + 0 * left : value);
        });
    }

    /// <summary>An engine that knows the numbers of the stored seed.</summary>
    private sealed class ByHeart(ISubject right) : ISubject
    {
        private const ulong Unknown = 1000;

        public string Name => right.Name;

        public LayerResult Run(LayerCase layerCase) =>
            layerCase.Seed < Unknown ? right.Run(layerCase) : Each(right.Run(layerCase), _ => 1);
    }

    /// <summary>An engine that gives out its own memory, one for each shape, and writes the next answer to it.</summary>
    private sealed class Overwriting(ISubject right) : ISubject
    {
        private readonly Dictionary<string, double[]> _memory = [];

        public string Name => right.Name;

        public LayerResult Run(LayerCase layerCase) => right.Run(layerCase).Select((name, tensor) =>
        {
            var key = $"{layerCase.Op} {name} {tensor}";
            if (!_memory.TryGetValue(key, out var memory))
                _memory[key] = memory = new double[tensor.Length];
            tensor.Data.CopyTo(memory);
            return new(tensor.Shape, memory);
        });
    }

    /// <summary>An engine that changes the correct answer. The change may depend on how often the case was asked.</summary>
    private sealed class Answering(ISubject right, Func<LayerResult, int, LayerResult> change) : ISubject
    {
        private readonly Dictionary<LayerCase, int> _calls = new(ReferenceEqualityComparer.Instance);

        public string Name => right.Name;

        public LayerResult Run(LayerCase layerCase)
        {
            var call = _calls[layerCase] = _calls.GetValueOrDefault(layerCase, -1) + 1;
            return change(right.Run(layerCase), call);
        }
    }
}
