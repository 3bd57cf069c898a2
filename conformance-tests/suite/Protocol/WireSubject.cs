using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>An engine behind the protocol, running or recorded.</summary>
public abstract class WireSubject : ISubject
{
    /// <summary>
    /// The largest size of one number in a line, in bytes, times the most numbers of an answer per number of the question (three in an optimiser).
    /// </summary>
    private const int BytesForEach = 3 * 32;

    private const int BytesForNone = 1 << 20;

    private readonly QuestionIds _ids;

    /// <param name="hidden">The seed by which the ids of questions are hidden from the engine; null where it is told them.</param>
    private protected WireSubject(ulong? hidden = null) => _ids = new(hidden);

    public abstract string Name { get; }

    public abstract Declaration Declares { get; }

    public abstract string? Options { get; }

    public LayerResult Run(LayerCase layerCase)
    {
        ArgumentNullException.ThrowIfNull(layerCase);
        if (Declares.Operations?.Contains(layerCase.Op) == false)
            throw new NotSupportedException($"{layerCase.Op} is not among the operations of its greeting");
        var id = _ids.Next(layerCase);
        var reply = Answer(layerCase.Op, id, Request.Write(layerCase, id, Declares.ForwardOnly), LongestAnswer(layerCase));
        if (reply.Error is { } error)
            throw new EngineErrorException(error);
        if (reply.Refused is { } refused)
            throw new RefusedException(refused);
        return reply.Unsupported is { } unsupported ? throw new NotSupportedException(unsupported) : reply.Result!;
    }

    /// <exception cref="ProtocolException">There is no answer.</exception>
    internal abstract Reply Answer(string operation, string id, byte[] request, int longest);

    private static int LongestAnswer(LayerCase layerCase) => (int)Math.Min(
        int.MaxValue / 2, BytesForNone + BytesForEach * layerCase.Inputs.Values.Concat(layerCase.Cotangents.Values)
            .Sum(tensor => (long)tensor.Length));
}
