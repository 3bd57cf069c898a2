using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>
/// Asks a subject for one element of one tensor, with the numbers of a case exchanged for others. The geometry and attributes stay.
/// </summary>
/// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
/// <param name="element">Its flat position.</param>
/// <param name="most">How often the subject is asked before it is given up.</param>
internal sealed class TapQuestions(ISubject subject, LayerCase like, string tensor, int element, int most)
{
    public const string Cotangent = "cotangent";

    /// <summary>An engine may be slow, or hang: its answers may take so long together.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _spent;

    public int Asked { get; private set; }

    /// <summary>The operand of that name as the case has it; null where it has none.</summary>
    public Tensor64? Operand(string operand) =>
        operand == Cotangent ? like.Cotangents.GetValueOrDefault("output") : like.Inputs.GetValueOrDefault(operand);

    /// <summary>The element, where some operands have other numbers.</summary>
    /// <exception cref="UnreadableException">The subject threw, has no such element, or was asked too often.</exception>
    public double Ask(params ReadOnlySpan<(string Operand, double[] Data)> changes)
    {
        if (Asked++ >= most)
            throw new UnreadableException($"it takes more than {most} questions");
        if (_spent > Longest)
            throw new UnreadableException($"the engine takes more than {Longest.TotalSeconds} s to answer");
        var (inputs, cotangents) = (like.Inputs.ToDictionary(), like.Cotangents.ToDictionary());
        foreach (var (operand, data) in changes)
            if (operand == Cotangent)
                cotangents["output"] = new(cotangents["output"].Shape, data);
            else if (inputs.TryGetValue(operand, out var right))
                inputs[operand] = new(right.Shape, data);
        var answer = Answer(like with { Tier = Tier.Exact, Inputs = inputs, Cotangents = cotangents, Catches = [], Repeat = 1 });
        return answer is not null && element < answer.Length ? answer[element] : throw new UnreadableException("the engine has no such element");
    }

    private Tensor64? Answer(LayerCase question)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            return subject.Run(question).Tensors.FirstOrDefault(pair => pair.Key == tensor).Value;
        }
#pragma warning disable CA1031 // whatever an engine throws, there is nothing to read
        catch (Exception error)
#pragma warning restore CA1031
        {
            throw new UnreadableException($"the engine threw: {error.Message}");
        }
        finally
        {
            _spent += Stopwatch.GetElapsedTime(start);
        }
    }
}

/// <summary>Why taps can't be read.</summary>
internal sealed class UnreadableException(string reason) : Exception(reason);
