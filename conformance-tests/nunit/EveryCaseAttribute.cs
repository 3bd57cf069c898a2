using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace Conformance.NUnit;

/// <summary>Creates one test per case of an <see cref="EngineConformance"/>, named by the case's id.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryCaseAttribute : NUnitAttribute, ITestBuilder, IImplyFixture
{
    private readonly NUnitTestCaseBuilder _builder = new();

    public IEnumerable<TestMethod> BuildFrom(IMethodInfo method, Test? suite)
    {
        var fixture = (EngineConformance)method.TypeInfo.Construct(suite is TestFixture { Arguments: { } arguments } ? arguments : []);
        return fixture.Run.Cases.Select(
            name => _builder.BuildTestMethod(method, suite, new TestCaseParameters([name]) { TestName = name.ToString() }));
    }
}
