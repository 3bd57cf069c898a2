namespace Conformance.Oracle.Operations;

/// <summary>Constructors for the known mistakes of batch norm; they are the same in one dimension and in two.</summary>
internal static class BatchNormDefect
{
    public static TermDefect<BatchNormTerms> Term(
        string op, string mistake, Passes passes, MistakeClass kind, string what, string mend, Func<BatchNormTerms, BatchNormTerms> change) =>
        new($"{op}.{mistake}", passes, kind, what, mend, change);
}
