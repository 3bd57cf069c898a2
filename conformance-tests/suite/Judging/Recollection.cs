using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>One question that an engine was asked with another history, beside its answer without it.</summary>
/// <param name="After">What was asked before.</param>
/// <param name="Twin">The question: the case, or one of the same geometry with other numbers.</param>
/// <param name="Reply">The answer; null if there was none.</param>
/// <param name="Plain">The answer to it elsewhere; null if there was none.</param>
public sealed record Recollection(Occasion After, Question Twin, LayerResult? Reply, LayerResult? Plain);
