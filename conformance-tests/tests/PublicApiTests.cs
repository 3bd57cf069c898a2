using System.Reflection;
using Conformance.Oracle;
using Conformance.Suite.Running;
using Conformance.Torch;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests;

/// <summary>The public API of each library as a snapshot: what outsiders can rely on changes only where somebody reads the change.</summary>
internal sealed class PublicApiTests
{
    [Test]
    public Task OfTheEngine() => VerifyApi(typeof(global::Conformance.Engine.Tensors.Tensor).Assembly);

    [Test]
    public Task OfTheOracle() => VerifyApi(typeof(Operation).Assembly);

    [Test]
    public Task OfTheSuite() => VerifyApi(typeof(Judge).Assembly);

    [Test]
    public Task OfTheTorchOracle() => VerifyApi(typeof(TorchOracle).Assembly);

    [Test]
    public Task OfTheScratchSubject() => VerifyApi(typeof(global::Conformance.Scratch.ScratchSubject).Assembly);

    private static Task VerifyApi(Assembly assembly) => Verify(string.Join('\n', PublicApi.Describe(assembly.GetExportedTypes())));
}
