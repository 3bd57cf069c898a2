using System.Globalization;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Gives each question the id under which it is sent, because an engine may cache by id. The case's own id goes with the numbers that were asked
/// first. Other numbers for the same case, from a diagnosis, are <c>…?1</c>, <c>…?2</c>. The same numbers again are <c>…#2</c>.
/// </summary>
/// <param name="hidden">The seed of ids that say nothing; null for these.</param>
internal sealed class QuestionIds(ulong? hidden = null)
{
    private readonly Dictionary<string, List<(int Numbers, int Times)>> _asked = [];

    public string Next(LayerCase layerCase)
    {
        var numbers = NumbersOf(layerCase);
        lock (_asked)
        {
            if (!_asked.TryGetValue(layerCase.Id, out var questions))
                _asked[layerCase.Id] = questions = [];
            var which = questions.FindIndex(question => question.Numbers == numbers);
            if (which < 0)
            {
                which = questions.Count;
                questions.Add((numbers, 0));
            }
            var times = questions[which].Times + 1;
            questions[which] = (numbers, times);
            var id = layerCase.Id + (which > 0 ? $"?{which}" : "") + (times > 1 ? $"#{times}" : "");
            return hidden is { } seed ? new Fill(seed, id, "hidden").Next().ToString("x16", CultureInfo.InvariantCulture) : id;
        }
    }

    private static int NumbersOf(LayerCase layerCase)
    {
        var hash = new HashCode();
        foreach (var (name, tensor) in layerCase.Inputs.Concat(layerCase.Cotangents))
        {
            hash.Add(name);
            hash.Add(ArgumentGuard.Hash(tensor.Data));
        }
        return hash.ToHashCode();
    }
}
