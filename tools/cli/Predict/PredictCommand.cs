using System.CommandLine;
using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Engine.Data;

namespace Conformance.Cli.Predict;

/// <summary><c>predict</c>: what trained weights say of images that have no label: IDX or PNG, files or a pipe.</summary>
internal sealed class PredictCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "PNG or IDX images (raw or gzip); - is standard input",
    };

    private readonly Option<string> _weights = WeightsOption.Create();
    private readonly Option<string?> _model = WeightsOption.Model();
    private readonly Option<bool> _invert = new("--invert") { Description = "the images are dark on light; the networks were trained on light on dark" };
    private readonly Option<bool> _json = new("--json") { Description = "a line of JSON for each image, with the probability of each class" };
    private readonly Func<Stream> _input;

    /// <param name="input">Opens standard input.</param>
    public PredictCommand(Terminal terminal, Func<Stream> input) : base("predict", "what trained weights say of images: IDX or PNG, files or a pipe")
    {
        _input = input;
        Add(_files);
        foreach (var option in new Option[] { _weights, _model, _invert, _json })
            Add(option);
        SetAction(parse => Run(parse, terminal));
    }

    private int Run(ParseResult parse, Terminal terminal)
    {
        var weights = WeightsFile.Load(parse.GetValue(_weights)!, parse.GetValue(_model));
        foreach (var file in parse.GetValue(_files)!)
        {
            var origin = file == "-" ? "standard input" : file;
            var images = Read(file, origin);
            if (parse.GetValue(_invert))
                images = Inverted(images);
            foreach (var prediction in Predictions.Of(weights, images, origin).Each)
            {
                var name = images.Count == 1 ? origin : $"{origin}[{prediction.Index}]";
                terminal.Out.WriteLine(parse.GetValue(_json) ? ResultsJson.LineOf(new Line(name, prediction.Class, prediction.Probabilities)) : Text(name, prediction));
            }
        }
        return ExitCode.Good;
    }

    /// <summary>What it is by its first bytes, whatever it is called.</summary>
    private ImageSet Read(string file, string origin)
    {
        if (file != "-" && !File.Exists(file))
            throw new UserError($"{file}: expected a PNG or an IDX file, but there is {(Directory.Exists(file) ? "a directory" : "none")}");
        using var bytes = new MemoryStream();
        using (var stream = file == "-" ? _input() : File.OpenRead(file))
            stream.CopyTo(bytes);
        bytes.Position = 0;
        var content = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        if (content.StartsWith(PngChunks.Signature))
        {
            var (height, width, grey) = Png.Read(content, origin);
            return new(grey, [0], height, width);
        }
        if (content is [not (0 or 0x1f), ..])
            throw new UserError($"{origin}: expected a PNG or an IDX file, got something else; an IDX file begins with a zero byte, or is a gzip");
        var (pixels, count, rows, columns) = Idx.ReadImages(bytes, origin);
        return new(pixels, new byte[count], rows, columns);
    }

    private static ImageSet Inverted(ImageSet images)
    {
        var pixels = Enumerable.Range(0, images.Count).SelectMany(i => images.Image(i).ToArray()).Select(pixel => (byte)(255 - pixel));
        return new([.. pixels], images.Labels.ToArray(), images.Height, images.Width);
    }

    /// <summary>Such as <c>seven.png: 7 (99.9 %)</c>; where the network is in two minds the next one too.</summary>
    private static string Text(string name, Prediction prediction)
    {
        var ranks = prediction.Probabilities.Index().OrderByDescending(one => one.Item).ThenBy(one => one.Index).Take(3).Where((one, rank) => rank == 0 || one.Item >= 0.01);
        return $"{name}: {string.Join(", ", ranks.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Index} ({100 * one.Item:F1} %)")))}";
    }

    private sealed record Line(string Image, int Class, IReadOnlyList<double> Probabilities);
}
