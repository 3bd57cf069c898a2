using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// A convention that is not PyTorch's and that somebody means. An engine that declares it is judged under it; from one that does not it is a mistake,
/// and the report says what to declare.
/// </summary>
/// <param name="Name">As the greeting's <c>dialect</c> has it: <c>max_pool_ties</c>.</param>
/// <param name="Value"><c>split</c>.</param>
/// <param name="Sentence">What such an engine does, in one sentence without a full stop.</param>
/// <param name="MeantBy">The framework, paper or textbook that means it.</param>
/// <param name="Mistakes">The known mistakes that it is from PyTorch's side, by id.</param>
public abstract record Convention(string Name, string Value, string Sentence, string MeantBy, IReadOnlyList<string> Mistakes)
{
    /// <summary>The operations that it changes.</summary>
    public abstract IReadOnlyCollection<string> Operations { get; }

    /// <summary>As it is declared: <c>"max_pool_ties": "split"</c>.</summary>
    public string Declared => $"\"{Name}\": \"{Value}\"";

    protected static IReadOnlyCollection<string> OperationsOf(IEnumerable<string> mistakes) =>
        [.. mistakes.Select(id => id.Split('.')[0]).Distinct()];
}

/// <summary>A known mistake that is meant, or one in each of several operations: the right answer is that of an engine which has it.</summary>
public sealed record MeantMistake(string Name, string Value, string Sentence, string MeantBy, params IReadOnlyList<string> Mistakes)
    : Convention(Name, Value, Sentence, MeantBy, Mistakes)
{
    public override IReadOnlyCollection<string> Operations => OperationsOf(Mistakes);

    /// <summary>What is meant in one operation.</summary>
    public IEnumerable<Defect> In(string op) =>
        Mistakes.Where(id => id.StartsWith(op + ".", StringComparison.Ordinal)).Select(AllOperations.DefectOf);
}

/// <summary>An attribute that is understood otherwise: the right answer is PyTorch's to the case as such an engine reads it.</summary>
/// <param name="Read">From the attributes as they are asked to what PyTorch would call them.</param>
public sealed record OtherReading(
    string Name, string Value, string Sentence, string MeantBy, IReadOnlyList<string> Mistakes, Func<Attributes, Attributes> Read)
    : Convention(Name, Value, Sentence, MeantBy, Mistakes)
{
    public override IReadOnlyCollection<string> Operations => OperationsOf(Mistakes);

    /// <summary>The outputs are read as PyTorch does, and the gradients alone otherwise.</summary>
    public bool GradientsAlone { get; init; }
}

/// <summary>
/// Another form of the question: the engine is asked in its own, and its reply is brought back. The right answer stays what it is, exact where it is
/// exact.
/// </summary>
/// <param name="Operations">The operations whose questions have another form.</param>
/// <param name="Translate">From an engine of that form to one that is asked as PyTorch's layers are.</param>
public sealed record OtherForm(
    string Name, string Value, string Sentence, string MeantBy, IReadOnlyList<string> Mistakes, IReadOnlyCollection<string> Operations,
        Func<ISubject, ISubject> Translate)
    : Convention(Name, Value, Sentence, MeantBy, Mistakes)
{
    public override IReadOnlyCollection<string> Operations { get; } = Operations;
}
