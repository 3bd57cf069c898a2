using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

[assembly: Conformance.Tests.Shuffled]

namespace Conformance.Tests;

/// <summary>
/// With a number in <c>CONFORMANCE_SHUFFLE</c>, the classes, the tests of a class and the cases of a test run in an order drawn with that seed. So a
/// test that needs another one before it is found.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class ShuffledAttribute : Attribute, IApplyToTest
{
    public void ApplyToTest(Test test)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("CONFORMANCE_SHUFFLE"), out var seed))
            Shuffle(test, new(seed));
    }

    private static void Shuffle(ITest test, Random random)
    {
        foreach (var child in test.Tests)
        {
            child.Properties.Set(PropertyNames.Order, random.Next());
            Shuffle(child, random);
        }
    }
}
