using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>The result of one case.</summary>
/// <param name="Message">The reason why there is no comparison, from the engine's refusal or exception; otherwise null.</param>
public sealed record CaseReport(
    Question Question, string Subject, string? Kernel, Verdict Verdict, IReadOnlyList<TensorComparison> Tensors, string? Message, double Milliseconds)
{
    /// <summary>The engine's answer, kept for the diagnosis if a tensor is wrong; otherwise null.</summary>
    public LayerResult? Reply { get; init; }

    /// <summary>The argument that the engine wrote to, as <c>input</c> or <c>cotangent.output</c>; null if there is none.</summary>
    public string? ChangedArgument { get; init; }

    /// <summary>The first difference between answers to the same question; null if it was asked once, or the answers are equal.</summary>
    public ReplyDifference? Difference { get; init; }

    /// <summary>The engine's answer, right or wrong, to a case that is small enough to be asked again with another history.</summary>
    internal LayerResult? Answer { get; init; }

    /// <summary>How the engine answered with other questions before this one; empty if it was not tried.</summary>
    public IReadOnlyList<Recollection> Recollections { get; init; } = [];

    /// <summary>If this report is of a case's twin, which has other numbers and fails: the report of the case itself. Otherwise null.</summary>
    public CaseReport? TwinOf { get; init; }

    /// <summary>The exception that the engine threw; otherwise null.</summary>
    public Complaint? Complaint { get; init; }

    /// <summary>The fault that came instead of numbers; null if there are numbers, or if the engine does not offer the case.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The options with which <c>check</c> judges this engine; null if there are none.</summary>
    public string? Options { get; init; }

    /// <summary>
    /// Tensors that the engine does not offer, with its reasons, by the names of <see cref="LayerResult.Tensors"/>. They are not part of the verdict,
    /// and never counted as passed.
    /// </summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of the declared conventions that acted on this case: on its correct answer, or on the form of the question.</summary>
    public IReadOnlyList<string> Acted { get; init; } = [];

    /// <summary>Whether every tensor of the answer was judged: none is left out, and the engine has a backward pass.</summary>
    public bool IsWhole { get; init; } = true;
}
