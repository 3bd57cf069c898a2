using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>
/// Translates between the suite and an engine that is asked in another form. Each case becomes one or several questions in the engine's form, and
/// their replies become one in PyTorch's form. If a case is asked again, the questions are the same.
/// </summary>
internal abstract class Translator(ISubject engine) : ISubject
{
    /// <summary>The engine that gets the questions in its form.</summary>
    public ISubject Engine => engine;

    /// <summary>Whether a question had another form than the suite's.</summary>
    public bool Acted { get; private set; }

    private readonly Dictionary<LayerCase, LayerCase[]> _asked = new(ReferenceEqualityComparer.Instance);

    public string Name => engine.Name;

    public string? Kernel => engine.Kernel;

    public Declaration Declares => engine.Declares;

    public LayerResult Run(LayerCase layerCase)
    {
        if (!_asked.TryGetValue(layerCase, out var asked))
            _asked[layerCase] = asked = [.. Asked(layerCase)];
        var replies = new List<LayerResult>();
        foreach (var question in asked)
        {
            if (ReferenceEquals(question, layerCase))
                return engine.Run(layerCase);
            Acted = true;
            var guard = ArgumentGuard.FromCase(question);
            replies.Add(engine.Run(question));
            guard.Verify();
        }
        return Combine(layerCase, asked, replies) with { Unsupported = LeftOut(layerCase, replies) };
    }

    /// <summary>The questions for a case; only the case itself if it needs no other form.</summary>
    /// <exception cref="NotSupportedException">The case can't be asked in the engine's form.</exception>
    protected abstract IEnumerable<LayerCase> Asked(LayerCase layerCase);

    /// <summary>Combines the replies to the questions into one.</summary>
    protected abstract LayerResult Combine(LayerCase layerCase, IReadOnlyList<LayerCase> asked, IReadOnlyList<LayerResult> replies);

    /// <summary>The tensors that any of the replies leaves out, each with the first reason.</summary>
    protected virtual Dictionary<string, string> LeftOut(LayerCase layerCase, IReadOnlyList<LayerResult> replies) =>
        replies.SelectMany(reply => reply.Unsupported).DistinctBy(pair => pair.Key).ToDictionary();
}
