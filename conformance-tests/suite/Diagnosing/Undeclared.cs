using Conformance.Oracle;
using Conformance.Suite.Diagnosing.Patterns;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing;

/// <summary>
/// Finds a convention that an engine seems to use and does not declare, when no known mistake explains the failures. With the convention every
/// failing case would pass, and no passing case would change. The convention's own tolerance decides, because its numbers have another scale.
/// </summary>
internal static class Undeclared
{
    public static Cause? Find(Evidence evidence) => Conventions.All.Where(one => one is not OtherForm && one.Operations.Contains(evidence.Op))
        .Where(one => Attempt.Holds(() => Explains(one, evidence))).Select(one => MistakeOf(one, evidence)).OfType<Defect>()
            .Select(mistake => new Cause([evidence], [mistake])).FirstOrDefault();

    private static bool Explains(Convention convention, Evidence evidence)
    {
        var dialect = Dialect.FromDeclaration(new() { Conventions = new Dictionary<string, string> { [convention.Name] = convention.Value } });
        return evidence.Wrong.Concat(evidence.Right).All(sight => sight.Report.Question is { Meaning: null, Hashes: null })
            && evidence.Wrong.All(sight => sight.Report.Reply is { } reply && Agrees(sight, reply))
                && evidence.Right.All(sight => Agrees(sight, null));

        bool Agrees(Sight sight, LayerResult? reply)
        {
            var question = dialect.AsMeant(sight.Report.Question);
            return question.Meaning is not { ChangesTheAnswer: true }
                ? reply is null
                : Comparison.Compare(question.Expected, reply ?? sight.Report.Question.Expected, question.Bound)
                    .Single(tensor => tensor.Name == evidence.Tensor).Passes;
        }
    }

    /// <summary>The mistake that equals the convention in the pass that computes the tensor.</summary>
    private static Defect? MistakeOf(Convention convention, Evidence evidence) =>
        convention.Mistakes.Where(id => id.StartsWith(evidence.Op + ".", StringComparison.Ordinal))
        .Select(AllOperations.DefectOf)
            .FirstOrDefault(defect => defect.In(evidence.Tensor.StartsWith("outputs.", StringComparison.Ordinal) ? Passes.Forward : Passes.Backward));
}
