using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// A convention that differs from PyTorch's and that some framework, paper or textbook uses. An engine that declares it is judged by it. For another
/// engine it is a mistake, and the report says what to declare.
/// </summary>
/// <param name="Name">The key in the greeting's <c>dialect</c>, such as <c>max_pool_ties</c>.</param>
/// <param name="Value">The value, such as <c>split</c>.</param>
/// <param name="Sentence">What such an engine does, in one sentence without a full stop.</param>
/// <param name="MeantBy">The framework, paper or textbook that uses it.</param>
/// <param name="Mistakes">The ids of the known mistakes that are the same change to PyTorch's formula.</param>
public abstract record Convention(string Name, string Value, string Sentence, string MeantBy, IReadOnlyList<string> Mistakes)
{
    /// <summary>The operations that it changes.</summary>
    public abstract IReadOnlyCollection<string> Operations { get; }

    /// <summary>The text of the declaration: <c>"max_pool_ties": "split"</c>.</summary>
    public string Declared => $"\"{Name}\": \"{Value}\"";

    protected static IReadOnlyCollection<string> OperationsOf(IEnumerable<string> mistakes) =>
        [.. mistakes.Select(id => id.Split('.')[0]).Distinct()];
}

/// <summary>
/// A convention that equals a known mistake, or one in each of several operations. The correct answer is that of an engine with the mistake.
/// </summary>
public sealed record MeantMistake(string Name, string Value, string Sentence, string MeantBy, params IReadOnlyList<string> Mistakes)
    : Convention(Name, Value, Sentence, MeantBy, Mistakes)
{
    public override IReadOnlyCollection<string> Operations => OperationsOf(Mistakes);

    /// <summary>Whether the formula has an answer to a case that PyTorch refuses. An engine may then answer or refuse.</summary>
    public Func<LayerCase, bool> Answers { get; init; } = _ => false;

    /// <summary>The mistake of one operation; none if the operation is not affected.</summary>
    public IEnumerable<Defect> In(string op) =>
        Mistakes.Where(id => id.StartsWith(op + ".", StringComparison.Ordinal)).Select(AllOperations.DefectOf);
}

/// <summary>A convention that reads an attribute in another way. The correct answer is PyTorch's for translated attributes.</summary>
/// <param name="Read">Translates the attributes of the question into PyTorch's.</param>
public sealed record OtherReading(
    string Name, string Value, string Sentence, string MeantBy, IReadOnlyList<string> Mistakes, Func<Attributes, Attributes> Read)
    : Convention(Name, Value, Sentence, MeantBy, Mistakes)
{
    public override IReadOnlyCollection<string> Operations => OperationsOf(Mistakes);

    /// <summary>Whether the convention applies to the gradients only.</summary>
    public bool GradientsAlone { get; init; }
}

/// <summary>
/// A convention that changes the form of a question. The question is translated into the engine's form, and the reply back. The correct answer does
/// not change.
/// </summary>
/// <param name="Operations">The operations whose questions have another form.</param>
/// <param name="Translate">Wraps an engine of this form so that it accepts questions in PyTorch's form.</param>
public sealed record OtherForm(
    string Name, string Value, string Sentence, string MeantBy, IReadOnlyList<string> Mistakes, IReadOnlyCollection<string> Operations,
        Func<ISubject, ISubject> Translate)
    : Convention(Name, Value, Sentence, MeantBy, Mistakes)
{
    public override IReadOnlyCollection<string> Operations { get; } = Operations;
}
