using System.Reflection;

namespace Conformance.Tests;

/// <summary>What <c>Parallel.cs</c> promises of tests that need the process for themselves.</summary>
internal sealed class ParallelTests
{
    /// <summary>NUnit runs a marked method that has arguments beside other fixtures all the same; of a marked fixture it runs nothing beside others.</summary>
    [Test]
    public void AMethodWithArgumentsIsNotMarkedNonParallelizable() => Assert.That(
        from type in typeof(ParallelTests).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.IsDefined(typeof(NonParallelizableAttribute)) && method.GetParameters().Length > 0
        select $"{type.Name}.{method.Name}",
        Is.Empty, "mark the fixture instead");
}
