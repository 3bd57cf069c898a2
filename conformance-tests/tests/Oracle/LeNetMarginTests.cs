using Conformance.Oracle;
using Conformance.Oracle.Operations;

namespace Conformance.Tests.Oracle;

[Parallelizable(ParallelScope.Children)]
internal sealed class LeNetMarginTests
{
    private static IEnumerable<string> Networks() => Repository.CasesOf("lenet").Select(entry => entry.Id);

    [TestCaseSource(nameof(Networks))]
    public void AStoredNetworkStaysClearOfEveryKink(string id) =>
        Assert.That(LeNetKinks.Margin(AllOperations.Draw(id)), Is.GreaterThan(LeNetKinks.Least));

    [Test]
    public void ANetworkThatComesTooNearIsVaried() => Assert.Multiple(() =>
    {
        const string Near = "lenet/n17-h12-c3x5-u12x9x10-t10";
        Assert.That(LeNetKinks.Margin(AllOperations.Draw(Near)), Is.LessThan(LeNetKinks.Least));
        Assert.That(LeNetKinks.Clear(Near, 1), Is.EqualTo(Near + "-v5"));
    });
}
