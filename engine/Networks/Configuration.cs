using System.Globalization;
using System.Text.Json;

namespace Conformance.Engine.Networks;

/// <summary>
/// Parses the notation of configurations, such as <c>c16pc16</c>. <c>cN</c> is a convolution with N filters of 3×3, stride 1 and no padding
/// (<c>cNr</c> adds ReLU); <c>p</c> is a 2×2 max-pool. A linear layer to ten logits follows at the end.
/// </summary>
internal static class Configuration
{
    /// <summary>Whether a text looks like this notation. It may still be invalid.</summary>
    public static bool IsNotation(string text) =>
        text is ['c', >= '0' and <= '9', ..] || (text.Length > 0 && text.All(letter => letter is 'c' or 'p' or 'r' || char.IsAsciiDigit(letter)));

    /// <exception cref="NetworkException">
    /// A letter is not allowed at its place, or feature maps become empty. The message names the letter.
    /// </exception>
    public static NetworkDefinition Parse(string text)
    {
        var layers = new List<LayerDefinition>();
        int convolutions = 0, pools = 0;
        for (int at = 0; at < text.Length;)
        {
            if (text[at] == 'p')
            {
                layers.Add(Layer($"pool{++pools}", "max_pool2d", ("kernel_size", 2)));
                at++;
            }
            else if (text[at] == 'c')
            {
                int end = at + 1;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;
                if (!int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int filters) || filters < 1)
                    throw Wrong(text, at + 1, "a number of filters, 1 or more, after c");
                layers.Add(Layer($"conv{++convolutions}", "conv2d", ("out_channels", filters), ("kernel_size", 3)));
                at = end;
                if (at < text.Length && text[at] == 'r')
                {
                    layers.Add(Layer($"relu{convolutions}", "relu"));
                    at++;
                }
            }
            else
            {
                throw Wrong(text, at, "cN, cNr or p");
            }
        }
        layers.Add(Layer("flatten", "flatten"));
        layers.Add(Layer("fc", "linear", ("out_features", 10)));
        var definition = new NetworkDefinition(text, [1, 28, 28], Initialization.Names[0], layers)
        {
            Description = "A configuration: 3×3 convolutions and 2×2 max-pools.",
        };
        NetworkBuilder.Check(definition, $"configuration '{text}'");
        return definition;
    }

    private static LayerDefinition Layer(string name, string type, params (string Name, int Value)[] options) =>
        new(name, type, options.ToDictionary(option => option.Name, option => JsonSerializer.SerializeToElement(option.Value)));

    private static NetworkException Wrong(string text, int at, string expected) =>
        new($"configuration '{text}': expected {expected}, got {(at < text.Length ? $"'{text[at]}'" : "the end")} at character {at + 1}");
}
