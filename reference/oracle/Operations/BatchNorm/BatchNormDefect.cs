namespace Conformance.Oracle.Operations;

/// <summary>How the mistakes of batch norm are written; they are the same for one axis and for two.</summary>
internal static class BatchNormDefect
{
    public static TermDefect<BatchNormTerms> Term(
        string op, string mistake, Passes passes, MistakeClass kind, string what, string mend, Func<BatchNormTerms, BatchNormTerms> change) =>
        new($"{op}.{mistake}", passes, kind, what, mend, change);
}
