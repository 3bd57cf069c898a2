namespace Conformance.Oracle;

/// <summary>
/// What the oracle knows of one operation: how a spelled geometry becomes a case, what the right answer is in float64, how far a float32
/// engine may be from it, and which mistakes people make.
/// </summary>
public abstract class Operation
{
    /// <summary>The operation's name in ids and files: <c>conv2d</c>.</summary>
    public abstract string Name { get; }

    public abstract OperationKind Kind { get; }

    /// <summary>Whether a kernel with stride and padding moves over images [N, C, H, W].</summary>
    public virtual bool HasWindows => false;

    /// <summary>The mistakes that this operation's cases are there to catch.</summary>
    public virtual IReadOnlyList<Defect> Defects => [];

    /// <summary>
    /// What the field calls the axes of one of the operation's tensors; <c>axis 0</c>, <c>axis 1</c> … where it has no names for them.
    /// </summary>
    /// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
    /// <param name="rank">How many axes the tensor has.</param>
    public IReadOnlyList<string> AxisNames(string tensor, int rank)
    {
        var isOutput = tensor.StartsWith("outputs.", StringComparison.Ordinal);
        var names = AxisNames(tensor[(tensor.IndexOf('.', StringComparison.Ordinal) + 1)..], rank, isOutput);
        return names.Length == rank ? names : [.. Enumerable.Range(0, rank).Select(axis => $"axis {axis}")];
    }

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
    /// The id of a small geometry drawn at random, the same for the same <paramref name="seed"/> and <paramref name="number"/>: with it, nobody can
    /// learn the stored cases by heart, and sizes are tried that nobody thought of.
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

    /// <summary>
    /// The answer of the plainest right engine: loops over float32 numbers, each operation rounded, sums in an order of one's own. It says how far
    /// right answers are from float64, and so how wide a tolerance has to be. Nothing of it is taken from an engine under test, nor from torch, whose
    /// float32 is wrong on some machines. What is made of taps, and a whole network, answers by its own definition; a formula by a loop that shares
    /// no line with the oracle's.
    /// </summary>
    /// <exception cref="RefusedException">The case has a geometry that PyTorch refuses.</exception>
    public LayerResult Float32(LayerCase layerCase, Summation order) => layerCase.Refused is { } reason
        ? throw new RefusedException($"{layerCase.Id}: {reason}")
        : AnswerInFloat32(layerCase, order);

    /// <summary>The answers of <see cref="Float32"/> in every order of summation.</summary>
    public IEnumerable<LayerResult> Float32InEveryOrder(LayerCase layerCase) =>
        Enum.GetValues<Summation>().Select(order => Float32(layerCase, order));

    /// <summary>The tolerance for each tensor of <paramref name="expected"/>, under the names of <see cref="LayerResult.Tensors"/>.</summary>
    public virtual ErrorBound Bound(LayerCase layerCase, LayerResult expected) => ErrorBound.Exact;

    /// <summary>
    /// The tolerance of an engine that means another convention: around <paramref name="answer"/>, the answer of <see cref="Evaluate"/> with what it
    /// means. What is exact by PyTorch's convention need not be so by another (a third of a gradient), so an exact case may have a tolerance here.
    /// </summary>
    /// <param name="meant">The known mistake that is meant; null where the case alone says it, by other attributes.</param>
    public virtual ErrorBound BoundUnder(LayerCase layerCase, LayerResult answer, Defect? meant) =>
        Bound(layerCase with { Tier = Tier.Bounded }, answer);

    /// <summary>The names of a tensor's axes; another number of names than <paramref name="rank"/> where there are none.</summary>
    protected virtual string[] AxisNames(string name, int rank, bool isOutput) => (rank, name.EndsWith("weight", StringComparison.Ordinal)) switch
    {
        (4, true) => ["O", "C", "KH", "KW"],
        (2, true) => ["out", "in"],
        (1, _) => [name == "output" ? "N" : "C"],
        (2, _) => ["N", "C"],
        (3, _) => ["N", "C", "L"],
        (4, _) => ["N", "C", "H", "W"],
        _ => [],
    };

    /// <summary>Some geometry as an id spells it, which may turn out to have no output; null where there is none to draw.</summary>
    protected virtual string? RandomGeometry(Fill dice) => null;

    /// <summary>The case without its id, seed and claims. What PyTorch refuses is a case too: <see cref="LayerCase.Refused"/>.</summary>
    protected abstract LayerCase Draw(Spelling spelling, Func<string, Fill> fill);

    /// <summary>The answer to a case that PyTorch does not refuse.</summary>
    protected abstract LayerResult Answer(LayerCase layerCase, Defect? defect);

    /// <summary>The plain engine's answer to a case that PyTorch does not refuse; every number is a float32 one.</summary>
    protected abstract LayerResult AnswerInFloat32(LayerCase layerCase, Summation order);

    protected LayerCase Case(Attributes attributes, Tier tier, IReadOnlyDictionary<string, Tensor64> inputs, Tensor64? cotangent) => new(
        Name, Name, attributes, tier, inputs,
        cotangent is null ? new Dictionary<string, Tensor64>() : new Dictionary<string, Tensor64> { ["output"] = cotangent }, []);
}
