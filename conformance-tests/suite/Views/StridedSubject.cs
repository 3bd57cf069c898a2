using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Views;

/// <summary>An engine with views and one layout of memory. Reports show the layout as the kernel.</summary>
public sealed class StridedSubject(IStridedEngine engine, ViewLayout layout) : ISubject
{
    public string Name => engine.Name;

    public string Kernel => layout.ToString().ToLowerInvariant();

    public Declaration Declares => engine.Declares;

    /// <summary>Creates one subject per layout. Each is judged in every case.</summary>
    public static IReadOnlyList<ISubject> Each(IStridedEngine engine) =>
        [.. Enum.GetValues<ViewLayout>().Select(layout => new StridedSubject(engine, layout))];

    /// <exception cref="ChangedArgumentException">The engine wrote to a buffer, perhaps between a view's elements.</exception>
    public LayerResult Run(LayerCase layerCase)
    {
        ArgumentNullException.ThrowIfNull(layerCase);
        var guard = new ArgumentGuard();
        var question = new StridedCase(layerCase, Views(layerCase.Inputs, ""), Views(layerCase.Cotangents, "cotangent."));
        var answer = engine.Run(question);
        guard.Verify();
        return answer;

        Dictionary<string, StridedView> Views(IReadOnlyDictionary<string, Tensor64> tensors, string prefix)
        {
            var views = tensors.ToDictionary(pair => pair.Key, pair => StridedView.FromTensor(pair.Value, layout));
            foreach (var (name, view) in views)
                guard.Watch(prefix + name, () => ArgumentGuard.Hash<float>(view.Buffer));
            return views;
        }
    }
}
