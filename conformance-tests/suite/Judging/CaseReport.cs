using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>What came of one case.</summary>
/// <param name="Message">Why there is no comparison: the engine's refusal or exception; else null.</param>
public sealed record CaseReport(
    Question Question, string Subject, string? Kernel, Verdict Verdict, IReadOnlyList<TensorComparison> Tensors, string? Message, double Milliseconds)
{
    /// <summary>What the engine answered, kept where a tensor of it is wrong: the diagnosis reads it. Else null.</summary>
    public LayerResult? Reply { get; init; }

    /// <summary>The argument that the engine wrote to, as <c>input</c> or <c>cotangent.output</c>; null where it wrote to none.</summary>
    public string? ChangedArgument { get; init; }

    /// <summary>Where the same question got another answer; null where it was put once, or the answers are the same.</summary>
    public ReplyDifference? Difference { get; init; }

    /// <summary>Of an engine that threw: what, and its words. Else null.</summary>
    public Complaint? Complaint { get; init; }

    /// <summary>What came in place of numbers; null where there are some, or where the engine says that it does not offer the case.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The options with which <c>check</c> judges this engine; null where there are none.</summary>
    public string? Options { get; init; }

    /// <summary>
    /// Tensors that the engine says it does not offer, with its reasons, by the names of <see cref="LayerResult.Tensors"/>. They are no part of the
    /// verdict, and never counted as passed.
    /// </summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether every tensor of the answer was judged: none is left out, and the engine has a backward pass.</summary>
    public bool IsWhole { get; init; } = true;
}
