namespace Conformance.Oracle.Operations;

/// <summary>Where an engine changes values: an operand, in the passes that read it, or the results of some passes.</summary>
/// <param name="Name">The operand's name in a case, <c>cotangent</c> for the output gradient; a name of results is for readers alone.</param>
internal readonly record struct ValuePlace(string Name, Passes Passes, bool IsResult = false)
{
    public static ValuePlace Output { get; } = new("output", Passes.Forward, IsResult: true);

    public static ValuePlace Gradients { get; } = new("gradients", Passes.Backward, IsResult: true);

    public static implicit operator ValuePlace((string Operand, Passes Passes) read) => new(read.Operand, read.Passes);

    /// <summary>The mistake of an engine that changes each number there.</summary>
    public Defect Changed(string id, MistakeClass kind, string mistake, string mend, Func<double, double> change) => IsResult
        ? new ResultDefect(id, Passes, kind, mistake, mend, (_, written) => written.Select(change))
        : new OperandDefect(id, Passes, kind, mistake, mend, Name, (_, read) => read.Select(change));

    /// <summary>The name in the id of a mistake.</summary>
    public string Id => Name.Replace('_', '-');

    public override string ToString() => Name == OperandDefect.Cotangent ? "the output gradient" : "the " + Name.Replace('_', ' ');
}
