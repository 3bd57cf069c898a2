using System.Text.Json;
using Conformance.Scratch;
using Conformance.Suite.Fixtures;
using static VerifyNUnit.Verifier;

namespace Conformance.Tests.Layers;

/// <summary>
/// The engine's own answer to one exact case as a Verify snapshot: small integers, the same text on every machine. A change to the engine that moves
/// any of them shows as a difference that a person reads.
/// </summary>
internal sealed class LayerSnapshot
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    [Test]
    public Task Conv2d()
    {
        var stored = VectorFile.Read(Repository.Fixtures.PathOf("conv2d/n1c1h5w7-o1-k3"));
        var answer = new ScratchSubject("fast").Run(stored.Case);
        return Verify(
            JsonSerializer.Serialize(answer.Tensors.ToDictionary(
                pair => pair.Key, pair => new { shape = pair.Value.ToString(), data = string.Join(" ", pair.Value.Data.ToArray()) }), Indented),
            "json");
    }
}
