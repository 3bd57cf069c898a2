namespace Conformance.Oracle;

/// <summary>
/// The oracle's knowledge of one operation: how an id becomes a case, the correct answer in float64, the tolerance for a float32 engine, and the
/// known mistakes.
/// </summary>
public abstract class Operation
{
    /// <summary>The operation's name in ids and files: <c>conv2d</c>.</summary>
    public abstract string Name { get; }

    public abstract OperationKind Kind { get; }

    /// <summary>Whether a kernel with stride and padding slides over images [N, C, H, W].</summary>
    public virtual bool HasWindows => false;

    /// <summary>The inputs that hold integers, such as class numbers.</summary>
    public virtual IReadOnlyCollection<string> IntegerInputs => [];

    /// <summary>The sizes of this operation near those of blocks, and the options that each must meet; null if it has none.</summary>
    public virtual SizeCrossing? Sizes => null;

    /// <summary>The mistakes that this operation's cases must catch.</summary>
    public virtual IReadOnlyList<Defect> Defects => [];

    /// <summary>
    /// The usual names of the axes of one of the operation's tensors; <c>axis 0</c>, <c>axis 1</c> … if the axes have no names.
    /// </summary>
    /// <param name="tensor"><c>outputs.output</c>, <c>gradients.weight</c>, …</param>
    /// <param name="rank">The number of axes of the tensor.</param>
    public IReadOnlyList<string> AxisNames(string tensor, int rank)
    {
        var isOutput = tensor.StartsWith("outputs.", StringComparison.Ordinal);
        var names = AxisNames(tensor[(tensor.IndexOf('.', StringComparison.Ordinal) + 1)..], rank, isOutput);
        return names.Length == rank ? names : [.. Enumerable.Range(0, rank).Select(axis => $"axis {axis}")];
    }

    /// <summary>Draws the case that <paramref name="id"/> describes.</summary>
    /// <param name="seed">1 for the stored vectors; another seed draws other fills.</param>
    /// <exception cref="ArgumentException">The id can't be parsed, or its geometry has no output.</exception>
    public LayerCase Draw(string id, ulong seed = 1, IReadOnlyList<string>? catches = null)
    {
        var spelling = new Spelling(id);
        var repeat = spelling.Word("twice") ? 2 : 1;
        spelling.Single('v', 0); // v2: the same geometry with other numbers, since the fills depend on the id
        var drawn = PlantedValues.Change(spelling, Draw(spelling, name => new Fill(seed, id, name)), IntegerInputs);
        spelling.End();
        if (drawn.Refused is not null)
            drawn = drawn with { Tier = Tier.Exact }; // without elements nothing is rounded
        return drawn with { Id = id, Catches = catches ?? [], Seed = seed, Repeat = repeat };
    }

    /// <summary>
    /// The id of a small random geometry, the same for the same <paramref name="seed"/> and <paramref name="number"/>. An engine can't be fitted to
    /// such cases, and they cover sizes that no author chose.
    /// </summary>
    /// <returns>The id; null if the operation has no random geometry.</returns>
    public string? RandomId(ulong seed, int number)
    {
        var dice = new Fill(seed, Name, $"geometry {number}");
        while (RandomGeometry(dice) is { } geometry)
        {
            // Half of the geometries have sizes near a block's.
            if (Sizes is { } sizes && dice.Pick(0, 1) == 1)
                geometry = sizes.Random(dice);
            var id = $"{Name}/{geometry}";
            try
            {
                // If every window lies in the padding, all answers are zero, and no engine could fail.
                var drawn = Draw(id, seed);
                if (drawn.Refused is null && Evaluate(drawn).Tensors.Any(pair => pair.Value.Data.ContainsAnyExcept(0.0)))
                    return id;
            }
            catch (ArgumentException)
            {
                // There is no output, for instance because the kernel is larger than the padded input. Draw again.
            }
        }
        return null;
    }

    /// <summary>The correct answer, or with a defect the answer of an engine that has it.</summary>
    /// <exception cref="RefusedException">PyTorch refuses the case's geometry, and the defect does not accept it.</exception>
    public LayerResult Evaluate(LayerCase layerCase, Defect? defect = null) => layerCase.Refused is not { } reason
        ? Written(layerCase, defect)
        : defect is AcceptDefect accept && accept.Accepts(layerCase) ? LayerResult.Empty : throw new RefusedException($"{layerCase.Id}: {reason}");

    /// <summary>
    /// The answer of a plain correct engine: loops over float32 numbers, with each operation rounded and the sums in the given order. It shows how
    /// far correct answers are from float64, and so how wide a tolerance must be. It uses nothing of an engine under test, and nothing of torch,
    /// whose float32 is wrong on some machines. Tap operations and whole networks compute by their own definition. A formula has a separate loop that
    /// shares no line with the oracle's.
    /// </summary>
    /// <exception cref="RefusedException">PyTorch refuses the case's geometry.</exception>
    public LayerResult Float32(LayerCase layerCase, Summation order) => layerCase.Refused is { } reason
        ? throw new RefusedException($"{layerCase.Id}: {reason}")
        : AnswerInFloat32(layerCase, order);

    /// <summary>The answers of <see cref="Float32"/> in every order of summation.</summary>
    public IEnumerable<LayerResult> Float32InEveryOrder(LayerCase layerCase) =>
        Enum.GetValues<Summation>().Select(order => Float32(layerCase, order));

    /// <summary>The tolerance for each tensor of <paramref name="expected"/>, under the names of <see cref="LayerResult.Tensors"/>.</summary>
    public virtual ErrorBound Bound(LayerCase layerCase, LayerResult expected) => ErrorBound.Exact;

    /// <summary>
    /// The tolerance for an engine that uses another convention, around <paramref name="answer"/>, the answer of <see cref="Evaluate"/> with that
    /// convention. A result that is exact by PyTorch's convention may be inexact by another (a third of a gradient), so an exact case may have a
    /// tolerance here.
    /// </summary>
    /// <param name="meant">The known mistake that is the convention; null if the case's attributes express it alone.</param>
    public virtual ErrorBound BoundUnder(LayerCase layerCase, LayerResult answer, Defect? meant) =>
        Bound(layerCase with { Tier = Tier.Bounded }, answer);

    /// <summary>The names of a tensor's axes. If their number is not <paramref name="rank"/>, the axes have no names.</summary>
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

    /// <summary>Some random geometry as the text of an id. It may have no output. Null if the operation has no random geometry.</summary>
    protected virtual string? RandomGeometry(Fill dice) => null;

    /// <summary>
    /// Draws the case without its id, seed and claims. A geometry that PyTorch refuses gives a case with <see cref="LayerCase.Refused"/>.
    /// </summary>
    protected abstract LayerCase Draw(Spelling spelling, Func<string, Fill> fill);

    /// <summary>The answer to a case that PyTorch accepts.</summary>
    protected abstract LayerResult Answer(LayerCase layerCase, Defect? defect);

    /// <summary>
    /// The answer of an engine that reads an operand or writes a result in another way: in the passes of that mistake, the answer to the operand
    /// that is read, or the changed result.
    /// </summary>
    private protected virtual LayerResult Written(LayerCase layerCase, Defect? defect)
    {
        if (Reread(layerCase, defect, Written) is { } reread)
            return reread;
        var answer = Answer(layerCase, defect);
        foreach (var part in defect?.Parts ?? [])
            answer = part switch
            {
                OperandDefect wrong when Answer(wrong.Read(layerCase), defect).Tensors.ToDictionary() is var read =>
                    answer.Select((name, tensor) => part.In(name) ? read[name] : tensor),
                ResultDefect wrong => answer.Select((name, tensor) => part.In(name) ? wrong.Change(layerCase, tensor) : tensor),
                _ => answer,
            };
        return answer;
    }

    /// <summary>
    /// The answer of an engine that computes another case than the one that is asked: it misreads an option, or its backward pass finds something
    /// else. Where its output has another shape, the output gradient does not fit it, and there are no gradients. Where the tensors of the case don't
    /// fit each other, there is no answer at all.
    /// </summary>
    /// <param name="answer">The answer to a case with what is left of the defect.</param>
    /// <returns>Null if the engine computes the case that is asked.</returns>
    private protected LayerResult? Reread(LayerCase layerCase, Defect? defect, Func<LayerCase, Defect?, LayerResult> answer)
    {
        switch (defect?.Parts.FirstOrDefault(part => part is MisreadDefect or KeptDefect))
        {
            case MisreadDefect misread:
                if (misread.Change(layerCase) is not { } read)
                    return LayerResult.Empty;
                var fits = !read.Cotangents.TryGetValue("output", out var dy) || ShapeOf(read) is not { } shape || dy.HasShape(shape);
                return answer(fits ? read : read with { Cotangents = new Dictionary<string, Tensor64>() }, defect.Without(misread));
            case KeptDefect kept:
                var (rest, right) = (defect.Without(kept), answer(layerCase, defect.Without(kept)));
                var found = answer(kept.Change(layerCase, right), rest).Tensors.ToDictionary();
                return right.Select((name, tensor) => kept.In(name) ? found[name] : tensor);
            default:
                return null;
        }
    }

    /// <summary>The output's shape where it depends on options; null where it does not.</summary>
    private protected virtual int[]? ShapeOf(LayerCase layerCase) => null;

    /// <summary>The plain engine's answer to a case that PyTorch accepts; every number is a float32 number.</summary>
    protected abstract LayerResult AnswerInFloat32(LayerCase layerCase, Summation order);

    protected LayerCase Case(Attributes attributes, Tier tier, IReadOnlyDictionary<string, Tensor64> inputs, Tensor64? cotangent) => new(
        Name, Name, attributes, tier, inputs,
        cotangent is null ? new Dictionary<string, Tensor64>() : new Dictionary<string, Tensor64> { ["output"] = cotangent }, []);
}
