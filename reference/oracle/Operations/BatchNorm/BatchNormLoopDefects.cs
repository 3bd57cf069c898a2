using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes in the loops of batch norm: images and channels that are not reached, and running statistics of another channel.</summary>
internal static class BatchNormLoopDefects
{
    public static IEnumerable<Defect> For(string op)
    {
        yield return Lost(op, "last-image-lost", BatchIndex, "the last image is not normalised and stays zero", "let n run to N − 1 included",
            (n, images, _, _) => n < images - 1);
        yield return Lost(op, "first-image-alone", BatchIndex, "only the first image is normalised, the others stay zero",
            "let n run over all images", (n, _, _, _) => n == 0);
        yield return Lost(op, "last-channel-lost", OddInput, "the last channel is not normalised and stays zero", "let c run to C − 1 included",
            (_, _, c, channels) => c < channels - 1);
        foreach (var (lanes, word) in new[] { (4, "four"), (8, "eight"), (16, "sixteen") })
            yield return Lost(op, $"channel-tail-of-{lanes}-lost", OddInput,
                $"the channels behind the last whole block of {word} are not normalised and stay zero", "add a loop for the channels that remain",
                (_, _, c, channels) => Vectors.Hold(c, channels, lanes));
        foreach (var (name, words) in new[] { ("running_mean", "running mean"), ("running_var", "running variance") })
        {
            var id = words.Replace(' ', '-');
            yield return Read(op, name, $"{id}-of-the-first-channel", $"the first channel's {words} serves all channels", (_, _) => 0);
            yield return Read(op, name, $"{id}-of-the-next-channel", $"each channel has the {words} of the one after it", (c, channels) =>
                (c + 1) % channels);
        }
    }

    /// <param name="computed">Whether an element is normalised, from its image, their number, its channel, and their number.</param>
    private static ResultDefect Lost(
        string op, string name, MistakeClass kind, string mistake, string mend, Func<int, int, int, int, bool> computed) =>
        new($"{op}.{name}", Passes.Forward | Passes.InputGradient, kind, mistake, mend, (_, result) =>
        {
            if (result.Rank == 1 || result.Length == 0)
                return result; // the running statistics
            var (images, channels, positions) = (result.Shape[0], result.Shape[1], result.Length / result.Shape[0] / result.Shape[1]);
            return new(result.Shape, [.. Enumerable.Range(0, result.Length).Select(flat =>
                computed(flat / positions / channels, images, flat / positions % channels, channels) ? result[flat] : 0)]);
        });

    private static OperandDefect Read(string op, string operand, string name, string mistake, Func<int, int, int> channel) => new(
        $"{op}.{name}", Passes.All, ChannelIndex, mistake, "index the running statistics by the channel", operand,
        (_, running) => new(running.Shape, [.. Enumerable.Range(0, running.Length).Select(c => running[channel(c, running.Length)])]));
}
