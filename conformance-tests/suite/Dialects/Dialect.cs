using System.Runtime.CompilerServices;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Dialects;

/// <summary>Applies an engine's declaration: the form of its questions, and its correct answers.</summary>
public sealed class Dialect
{
    private static readonly ConditionalWeakTable<Declaration, Dialect> Known = [];

    /// <summary>The layers of the whole-network case. With another convention in one of them the case would be another network.</summary>
    private static readonly string[] NetworkLayers = ["conv2d", "max_pool2d", "linear", "relu", "cross_entropy"];

    private readonly Declaration _declaration;

    private Dialect(Declaration declaration)
    {
        _declaration = declaration;
        Declared = [.. Conventions.All.Where(
            one => declaration.Conventions.TryGetValue(one.Name, out var value) && Conventions.Named(one.Name, value) == one)];
        foreach (var (name, value) in declaration.Conventions)
            Conventions.Named(name, value);
    }

    /// <summary>The declared conventions, in the order of <see cref="Conventions.All"/>.</summary>
    public IReadOnlyList<Convention> Declared { get; }

    /// <exception cref="ArgumentException">A convention does not exist; the message lists all.</exception>
    public static Dialect FromDeclaration(Declaration declaration) => Known.GetValue(declaration, declared => new(declared));

    /// <summary>The operations of the suite that the engine offers; null if it does not declare them.</summary>
    public IReadOnlyList<string>? Operations => _declaration.Operations is not { } operations || !operations.Contains(FusedLoss.Operation) || !IsFused
        ? _declaration.Operations
        : [.. operations.Where(op => op != FusedLoss.Operation).Concat(FusedLoss.Offered).Distinct()];

    private bool IsFused => Declared.Any(one => one.Name == "linear_loss");

    /// <summary>The reason why an operation is not asked; null if it is asked.</summary>
    public string? Unsupported(string op)
    {
        if (AllOperations.KindOf(op) is OperationKind.Network
            && Declared.FirstOrDefault(one => one.Operations.Intersect(NetworkLayers).Any()) is { } other)
            return $"a whole network is judged by PyTorch's conventions alone, "
                + $"and the engine declares {other.Declared}: its layers are judged one by one";
        return Operations is not { } operations || operations.Contains(op)
            ? null
            : $"the engine does not declare {op}: it has {string.Join(", ", operations)}";
    }

    /// <summary>Wraps the engine so that it accepts questions in PyTorch's form.</summary>
    public ISubject Translated(ISubject engine) => Declared.OfType<OtherForm>().Reverse().Aggregate(engine, (inner, form) => form.Translate(inner));

    /// <summary>The names of the conventions that acted on a case: in its correct answer, and in the form in which the engine was asked.</summary>
    /// <param name="translated">The engine that <see cref="Translated"/> returned and that was asked this case alone.</param>
    public IReadOnlyList<string> Acted(Question question, ISubject translated)
    {
        var acted = question.Meaning?.Acted.ToList() ?? [];
        foreach (var form in Declared.OfType<OtherForm>())
            if (translated is Translator translator)
            {
                if (translator.Acted)
                    acted.Add(form.Name);
                translated = translator.Engine;
            }
        return acted;
    }

    /// <summary>The question with the correct answer for this engine. If its conventions change nothing, the answer is the same.</summary>
    public Question AsMeant(Question question)
    {
        if (question.Case.Refused is not null || AllOperations.KindOf(question.Case.Op) is OperationKind.Network)
            return question;
        var tolerant = question.Case with { Tier = Tier.Bounded };
        if (MeaningOf(question.Case) is { } meaning)
        {
            var answer = meaning.Answer(null);
            if (Differs(question.Expected, answer, question.Bound))
            {
                var bound = (_declaration.Inexact ? MeaningOf(tolerant)! : meaning).Bound(answer);
                return new(question.Case, answer, bound, "the oracle") { Meaning = meaning with { Acted = Acted(question, answer, bound) } };
            }
            question = question with { Meaning = meaning }; // in combination with a mistake, it may still change the answer
        }
        return !_declaration.Inexact || question.Case.Tier == Tier.Bounded
            ? question
            : new(question.Case, question.Expected, AllOperations.Named(question.Case.Op)
                .Bound(tolerant, question.Expected), question.Source)
            { Meaning = question.Meaning };
    }

    /// <summary>The part of an answer that is judged.</summary>
    public LayerResult Judged(LayerResult expected) =>
        _declaration.ForwardOnly ? expected with { Gradients = new Dictionary<string, Tensor64>() } : expected;

    /// <summary>Whether a tensor that is absent from a reply is not judged.</summary>
    public bool IsLeftOut(string tensor, LayerResult reply) =>
        reply.Unsupported.ContainsKey(tensor) || (_declaration.ForwardOnly && tensor.StartsWith("gradients.", StringComparison.Ordinal));

    /// <summary>The expected answer without the tensors that a reply leaves out. A tensor that is in the reply is judged in any case.</summary>
    public static LayerResult Without(LayerResult expected, LayerResult reply)
    {
        var there = reply.Tensors.Select(pair => pair.Key).ToHashSet();
        return reply.Unsupported.Count == 0 ? expected : new(Kept("outputs.", expected.Outputs), Kept("gradients.", expected.Gradients));

        Dictionary<string, Tensor64> Kept(string prefix, IReadOnlyDictionary<string, Tensor64> tensors) =>
            tensors.Where(pair => there.Contains(prefix + pair.Key) || !reply.Unsupported.ContainsKey(prefix + pair.Key)).ToDictionary();
    }

    /// <summary>A question that PyTorch refuses and a convention of the engine answers, with that answer; null if none does.</summary>
    public Question? Answered(Question question)
    {
        var answering = OfValue(question.Case.Op).OfType<MeantMistake>().Where(one => one.Answers(question.Case)).ToArray();
        var asked = question.Case with { Refused = null, Tier = Tier.Bounded };
        if (answering.Length == 0 || MeaningOf(asked) is not { } meaning)
            return null;
        var answer = meaning.Answer(null);
        return new(asked, answer, meaning.Bound(answer), "the oracle") { Meaning = meaning with { Acted = [.. answering.Select(one => one.Name)] } };
    }

    /// <summary>The conventions without which the answer would be another; all of the operation if each is so through the others alone.</summary>
    private string[] Acted(Question question, LayerResult answer, ErrorBound bound)
    {
        var all = OfValue(question.Case.Op);
        var acted = all.Length == 1 ? all : [.. all.Where(one =>
            Differs(answer, MeaningOf(question.Case, [.. all.Where(other => other != one)])?.Answer(null) ?? question.Expected, bound))];
        return [.. (acted.Length > 0 ? acted : all).Select(one => one.Name)];
    }

    private static bool Differs(LayerResult expected, LayerResult answer, ErrorBound bound) =>
        Comparison.Compare(expected, answer, bound).Any(tensor => !tensor.Passes);

    private Convention[] OfValue(string op) => [.. Declared.Where(one => one is not OtherForm && one.Operations.Contains(op))];

    private Meaning? MeaningOf(LayerCase layerCase) => MeaningOf(layerCase, OfValue(layerCase.Op));

    private static Meaning? MeaningOf(LayerCase layerCase, Convention[] conventions)
    {
        var readings = conventions.OfType<OtherReading>().ToArray();
        var outputs = Read(readings.Where(one => !one.GradientsAlone));
        var gradients = readings.Any(one => one.GradientsAlone) ? Read(readings) : outputs;
        var meant = conventions.OfType<MeantMistake>().SelectMany(one => one.In(layerCase.Op)).ToArray();
        return meant.Length == 0 && readings.Length == 0 ? null
            : new(outputs, gradients, meant.Length == 0 ? null : meant.Aggregate((one, other) => new PairDefect(one, other)));

        LayerCase Read(IEnumerable<OtherReading> all) =>
            all.Aggregate(layerCase, (asked, one) => asked with { Attributes = one.Read(asked.Attributes) });
    }
}
