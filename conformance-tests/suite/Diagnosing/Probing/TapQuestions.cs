using System.Diagnostics;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Diagnosing.Probing;

/// <summary>
/// Asks an engine for one element of one tensor. The inputs of a case are replaced by other numbers; geometry and attributes stay.
/// </summary>
/// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
/// <param name="element">The flat position in the tensor.</param>
/// <param name="most">The most questions. After that the probe stops.</param>
internal sealed class TapQuestions(ISubject subject, LayerCase like, string tensor, int element, int most)
{
    public const string Cotangent = "cotangent";

    /// <summary>The most time for all answers together, because an engine may be slow or hang.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _spent;

    public int Asked { get; private set; }

    /// <summary>The operand of that name in the case; null if the case has none.</summary>
    public Tensor64? Operand(string operand) =>
        operand == Cotangent ? like.Cotangents.GetValueOrDefault("output") : like.Inputs.GetValueOrDefault(operand);

    /// <summary>Returns the element for a case in which some operands have other numbers.</summary>
    /// <exception cref="UnreadableException">The subject threw, its answer has no such element, or it was asked too often.</exception>
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
#pragma warning disable CA1031 // an engine may throw anything; then there is no element to read
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

/// <summary>The elements can't be read.</summary>
internal sealed class UnreadableException(string reason) : Exception(reason);
