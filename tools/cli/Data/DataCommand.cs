using System.CommandLine;
using System.Text.Json.Serialization;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Cli.Train;
using Conformance.Engine.Data;
using Conformance.Engine.Networks;

namespace Conformance.Cli.Data;

/// <summary><c>data</c>: makes sure that the data is there and whole, and says where and how much.
/// With <c>--features</c> what two figures of each image tell of its class, with <c>--preview</c> what training by a preset makes of the
/// images.</summary>
internal sealed class DataCommand : Command
{
    private const string CsvFile = "features.csv", PageFile = "features.html";

    private readonly DataOptions _data = new();

    private readonly Option<bool> _features = new("--features")
    {
        Description = $"also each image's intensity and symmetry, and how far a linear softmax comes with them alone: {CsvFile}, {PageFile}",
    };

    private readonly Option<string?> _preview = new("--preview")
    {
        HelpName = "FILE",
        Description = "also a page with images of each class as they are and as training sees them, in several epochs",
    };

    private readonly Option<string> _preset = new("--preset")
    {
        HelpName = "PRESET",
        Description = "what --preview shows, as `train` takes it",
        DefaultValueFactory = _ => "lenet-augmented",
    };

    private readonly Option<int> _seed = NumberOption.Count("--seed", "of --preview, as `train` takes it", 1);
    private readonly Option<string> _out = CommonOptions.Out("data");
    private readonly Option<bool> _json = CommonOptions.Json();

    public DataCommand(Terminal terminal, CancellationToken cancel)
        : base("data", "fetch a set of images where it is missing and check it, or check the files that --data names")
    {
        foreach (var option in (Option[])[.. _data.All, _features, _preview, _preset, _seed, _out, _json])
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        bool features = parse.GetValue(_features);
        var output = OutputDirectory.Open(parse.GetValue(_out)!, features ? ["results.json", CsvFile, PageFile] : ["results.json"]);
        var page = parse.GetValue(_preview) is { } path
            ? OutputDirectory.OpenFor("--preview", path)
            : default((OutputDirectory Directory, string File)?);
        if (page is null && ((Option[])[_preset, _seed]).FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } idle)
            throw new UserError($"{idle.Name}: expected --preview with it, which alone it is for");
        var preset = Preset.Resolve(parse.GetValue(_preset)!);
        var progress = new Progress(terminal);
        var data = _data.Resolve(parse, progress.Line, cancel);
        var train = ImageSet.Load(data.Paths.TrainImages, data.Paths.TrainLabels);
        var test = ImageSet.Load(data.Paths.TestImages, data.Paths.TestLabels);
        foreach (string warning in DataWarnings.Find(train, data.Paths.TrainImages, test, data.Paths.TestImages))
            terminal.Say("warning", warning);
        var text = new StringWriter { NewLine = "\n" };
        var results = new DataResults(
            1,
            data.Title,
            DataSetResults.FromSet(train, data.Paths.TrainImages, data.Paths.TrainLabels),
            DataSetResults.FromSet(test, data.Paths.TestImages, data.Paths.TestLabels),
            features ? Features(data, train, test, output, progress, text, cancel) : null);
        if (page is var (directory, file))
            text.WriteLine($"written   {directory.Write(file, Preview(data, preset, (ulong)parse.GetValue(_seed)))}");
        var json = ResultsJson.Serialize(results);
        output.Write("results.json", json);
        terminal.Out.Write(parse.GetValue(_json) ? json : $"training  {results.Train}\ntest      {results.Test}\n{text}");
        return ExitCode.Good;
    }

    private static FeatureResults Features(
        ChosenData data, ImageSet train, ImageSet test, OutputDirectory output, Progress progress, StringWriter text, CancellationToken cancel)
    {
        var (trainFeatures, testFeatures) = (FeatureSet.FromImages(train), FeatureSet.FromImages(test));
        FeatureResults results;
        try
        {
            results = FeatureResults.Compute(trainFeatures, testFeatures, data.Classes, step => progress.Live($"linear softmax: step {step}"), cancel);
        }
        finally
        {
            progress.Clear();
        }
        text.WriteLine($"features  a linear softmax on intensity and symmetry alone: {FeaturesText.Accuracy(results)}");
        text.WriteLine($"          always the most frequent class: {Figures.Percent(results.MostFrequentAccuracy)}");
        text.WriteLine($"written   {output.Write(CsvFile, FeatureSet.Csv(trainFeatures, testFeatures))}");
        text.WriteLine($"written   {output.Write(PageFile, FeaturesHtml.Render(data.Title, results, trainFeatures, testFeatures))}");
        return results;
    }

    private static string Preview(ChosenData data, Preset preset, ulong seed)
    {
        var training = TrainingData.Load(data.Paths, null, preset.Validation, NamedNetworks.Resolve(preset.Model).Input);
        var page = new PreviewHtml(data.Title, data.Classes, training.Train.Height, training.Train.Width);
        return page.Render(preset, seed, TrainingPreview.Select(preset, training, seed, perClass: 8, epochs: 8));
    }

    private sealed record DataResults(
        int Conformance,
        string Data,
        DataSetResults Train,
        DataSetResults Test,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FeatureResults? Features);

    private sealed record DataSetResults(int Count, int Height, int Width, string Images, string Labels)
    {
        public static DataSetResults FromSet(ImageSet set, string images, string labels) => new(set.Count, set.Height, set.Width, images, labels);

        public override string ToString() => $"{Count} images of {Height}×{Width} with labels: {Images}, {Labels}";
    }
}
