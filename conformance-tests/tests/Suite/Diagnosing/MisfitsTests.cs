using Conformance.Oracle;
using Conformance.Suite.Judging;
using static Conformance.Tests.Suite.Diagnosing.Wrong;

namespace Conformance.Tests.Suite.Diagnosing;

/// <summary>Engines that misread an option throw where it changes the size: NumPy says that shapes don't fit.</summary>
[Parallelizable]
internal sealed class MisfitsTests
{
    [TestCase("avg_pool2d.stride-swapped-throughout")]
    [TestCase("avg_pool2d.kernel-swapped-throughout")]
    [TestCase("max_pool2d.padding-ignored-throughout")]
    [TestCase("avg_pool2d.ceil-ignored")]
    [TestCase("linear.weight-not-transposed-throughout")]
    public void WhatThrowsWhereTheSizeIsAnotherIsNamed(string id) =>
        Assert.That(Causes(Throwing(id), AllOperations.DefectOf(id).Op).Select(cause => cause.Diagnosis), Is.EqualTo(new[] { id }));

    /// <summary>The numbers of the other cases veto a name that the throwing ones alone would have.</summary>
    [Test]
    public void WhatThrowsByAnotherRuleIsNotNamed() => Assert.That(
        Causes(But((of, right) => of.Input("input").Shape[0] == 2 ? throw new InvalidOperationException("shapes don't fit") : right), "avg_pool2d")
            .SelectMany(cause => cause.Explanations), Is.Empty);

    private static ISubject Throwing(string id) => But((of, right) =>
    {
        var answer = With(id).Run(of);
        return right.Outputs.Any(output => !answer.Outputs.TryGetValue(output.Key, out var y) || !y.HasShape(output.Value.Shape))
            ? throw new InvalidOperationException("shapes don't fit") : answer;
    });
}
