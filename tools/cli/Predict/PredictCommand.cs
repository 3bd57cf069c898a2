using System.CommandLine;
using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Engine.Data;
using Conformance.Engine.Files;

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

    private readonly Option<bool> _invert = new("--invert")
    {
        Description = "the images are dark on light, and what is transparent is light; the networks were trained on light on dark",
    };

    private readonly Option<bool> _center = new("--center")
    {
        Description = "do with each image, of any size, what MNIST did: "
            + "fit the figure into 20×20, and put its centre of mass in the middle of 28×28",
    };

    private readonly Option<bool> _json = new("--json") { Description = "a line of JSON for each image, with the probability of each class" };
    private readonly Func<Stream> _input;

    /// <param name="input">Opens standard input.</param>
    public PredictCommand(Terminal terminal, Func<Stream> input) : base("predict", "what trained weights say of images: IDX or PNG, files or a pipe")
    {
        _input = input;
        Add(_files);
        foreach (var option in new Option[] { _weights, _model, _invert, _center, _json })
            Add(option);
        SetAction(parse => Run(parse, terminal));
    }

    private int Run(ParseResult parse, Terminal terminal)
    {
        var weights = WeightsFile.Load(parse.GetValue(_weights)!, parse.GetValue(_model), terminal);
        var reader = new PictureReader(_input, parse.GetValue(_invert), parse.GetValue(_center));
        foreach (var file in parse.GetValue(_files)!)
        {
            var origin = file == "-" ? "standard input" : file;
            var (images, notes) = reader.Read(file, origin);
            if (parse.GetValue(_center) && weights.Model.Input is [1, var height, var width])
                images = Centered(images, height, width, origin);
            var predictions = Predictions.Compute(weights, images, origin, hint: "; --center takes pictures of any size");
            foreach (string note in notes)
                terminal.Say("note", $"{origin}: {note}");
            foreach (var prediction in predictions.Each)
            {
                var name = images.Count == 1 ? origin : $"{origin}[{prediction.Index}]";
                terminal.Out.WriteLine(parse.GetValue(_json)
                    ? ResultsJson.LineOf(new Line(name, prediction.Class, prediction.Probabilities))
                    : Text(Terminal.Name(name), prediction));
            }
        }
        return ExitCode.Good;
    }

    /// <summary>Images without a figure become blank ones.</summary>
    private static ImageSet Centered(ImageSet images, int height, int width, string origin)
    {
        if ((long)images.Count * height * width > BoundedReader.MostData)
            throw new UserError($"{origin}: --center: expected at most {BoundedReader.MostData / height / width} images, got {images.Count}");
        var pixels = new byte[images.Count * height * width];
        for (int i = 0; i < images.Count; i++)
            if (Ink.Find(images.Image(i), images.Height, images.Width) is { } ink)
                DigitFrame.Center(images.Image(i), images.Height, images.Width, ink, height, width).CopyTo(pixels, i * height * width);
        return new(pixels, images.Labels.ToArray(), height, width);
    }

    /// <summary>Such as <c>seven.png: 7 (99.9 %)</c>; where the network is in two minds the next one too.</summary>
    private static string Text(string name, Prediction prediction)
    {
        var ranks = prediction.Probabilities.Index().OrderByDescending(one => one.Item).ThenBy(one => one.Index)
            .Take(3).Where((one, rank) => rank == 0 || one.Item >= 0.01)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Index} ({100 * one.Item:F1} %)"));
        return $"{name}: {string.Join(", ", ranks)}";
    }

    private sealed record Line(string Image, int Class, IReadOnlyList<double> Probabilities);
}
