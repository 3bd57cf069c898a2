using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>An engine made of a function, and what it says of itself.</summary>
internal sealed class Declaring(Func<LayerCase, LayerResult> answer, Declaration? declares = null) : ISubject
{
    public string Name => "declaring";

    public Declaration Declares => declares ?? Declaration.Nothing;

    public LayerResult Run(LayerCase layerCase) => answer(layerCase);

    public Declaring With(params (string Name, string Value)[] conventions) =>
        new(answer, Declares with { Conventions = conventions.ToDictionary(pair => pair.Name, pair => pair.Value) });
}
