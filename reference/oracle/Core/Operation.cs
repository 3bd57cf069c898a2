namespace Conformance.Oracle;

/// <summary>
/// What the oracle knows of one operation: how a spelled geometry becomes a case, what the right answer is in float64, how far a float32
/// engine may be from it, and which mistakes people make.
/// </summary>
public abstract class Operation
{
    /// <summary>The operation's name in ids and files: <c>conv2d</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The mistakes that this operation's cases are there to catch.</summary>
    public virtual IReadOnlyList<Defect> Defects => [];

    /// <summary>Draws the case that <paramref name="id"/> spells.</summary>
    /// <param name="seed">1 for the stored vectors; another seed draws all fills anew.</param>
    /// <exception cref="ArgumentException">The id can't be read, or spells a geometry that has no output.</exception>
    public LayerCase Draw(string id, ulong seed = 1, IReadOnlyList<string>? catches = null)
    {
        var spelling = new Spelling(id);
        var repeat = spelling.Word("twice") ? 2 : 1;
        spelling.Single('v', 0); // v2: the same geometry with other numbers, since the fills come from the id
        var drawn = Draw(spelling, name => new Fill(seed, id, name));
        spelling.End();
        if (drawn.Refused is not null)
            drawn = drawn with { Tier = Tier.Exact }; // there is nothing to round
        return drawn with { Id = id, Catches = catches ?? [], Seed = seed, Repeat = repeat };
    }

    /// <summary>
    /// The id of a small geometry drawn at random, the same for the same <paramref name="seed"/> and <paramref name="number"/>: with it, nobody can learn
    /// the stored cases by heart, and sizes are tried that nobody thought of.
    /// </summary>
    /// <returns>Null where the operation has no geometry to draw.</returns>
    public string? RandomId(ulong seed, int number)
    {
        var dice = new Fill(seed, Name, $"geometry {number}");
        while (RandomGeometry(dice) is { } geometry)
        {
            var id = $"{Name}/{geometry}";
            try
            {
                // Where every window lies in the padding all answers are zero, and nothing could fail.
                var drawn = Draw(id, seed);
                if (drawn.Refused is null && Evaluate(drawn).Tensors.Any(pair => pair.Value.Data.ContainsAnyExcept(0.0)))
                    return id;
            }
            catch (ArgumentException)
            {
                // No output, such as a kernel larger than the padded input: draw again.
            }
        }
        return null;
    }

    /// <summary>The right answer; with a defect, the answer of an engine that has it.</summary>
    /// <exception cref="RefusedException">The case has a geometry that PyTorch refuses, and the defect is not that it is accepted.</exception>
    public LayerResult Evaluate(LayerCase layerCase, Defect? defect = null) => layerCase.Refused is not { } reason
        ? Answer(layerCase, defect)
        : defect is AcceptDefect accept && accept.Accepts(layerCase) ? LayerResult.Empty : throw new RefusedException($"{layerCase.Id}: {reason}");

    /// <summary>The tolerance for each tensor of <paramref name="expected"/>, under the names of <see cref="LayerResult.Tensors"/>.</summary>
    public virtual ErrorBound Bound(LayerCase layerCase, LayerResult expected) => ErrorBound.Exact;

    /// <summary>
    /// The tolerance of an engine that means another convention: around <paramref name="answer"/>, the answer of <see cref="Evaluate"/> with what it means. What is exact by
    /// PyTorch's convention need not be so by another (a third of a gradient), so an exact case may have a tolerance here.
    /// </summary>
    /// <param name="meant">The known mistake that is meant; null where the case alone says it, by other attributes.</param>
    public virtual ErrorBound BoundUnder(LayerCase layerCase, LayerResult answer, Defect? meant) => Bound(layerCase with { Tier = Tier.Bounded }, answer);

    /// <summary>Some geometry as an id spells it, which may turn out to have no output; null where there is none to draw.</summary>
    protected virtual string? RandomGeometry(Fill dice) => null;

    /// <summary>The case without its id, seed and claims. What PyTorch refuses is a case too: <see cref="LayerCase.Refused"/>.</summary>
    protected abstract LayerCase Draw(Spelling spelling, Func<string, Fill> fill);

    /// <summary>The answer to a case that PyTorch does not refuse.</summary>
    protected abstract LayerResult Answer(LayerCase layerCase, Defect? defect);

    protected LayerCase Case(Attributes attributes, Tier tier, IReadOnlyDictionary<string, Tensor64> inputs, Tensor64? cotangent) => new(
        Name, Name, attributes, tier, inputs,
        cotangent is null ? new Dictionary<string, Tensor64>() : new Dictionary<string, Tensor64> { ["output"] = cotangent }, []);
}
