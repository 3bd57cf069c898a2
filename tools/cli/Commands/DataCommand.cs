using System.CommandLine;
using Conformance.Cli.Data;
using Conformance.Cli.Reports;
using Conformance.Engine;

namespace Conformance.Cli.Commands;

/// <summary><c>data</c>: makes sure that the data is there and whole, and says where and how much.</summary>
internal sealed class DataCommand : Command
{
    private readonly DataOptions _data = new();
    private readonly Option<string> _out = CommonOptions.Out("data");
    private readonly Option<bool> _json = CommonOptions.Json();

    public DataCommand(Terminal terminal, CancellationToken cancel)
        : base("data", "fetch a set of images where it is missing and check it, or check the files that --data names")
    {
        foreach (var option in (Option[])[.. _data.All, _out, _json])
            Add(option);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json");
        var data = _data.Resolve(parse, terminal.Error.WriteLine, cancel);
        var train = DataSetResults.Of(data.Paths.TrainImages, data.Paths.TrainLabels);
        var test = DataSetResults.Of(data.Paths.TestImages, data.Paths.TestLabels);

        var json = ResultsJson.Of(new DataResults(1, data.Title, train, test));
        output.Write("results.json", json);
        terminal.Out.Write(parse.GetValue(_json) ? json : $"training  {train}\ntest      {test}\n");
        return ExitCode.Good;
    }

    private sealed record DataResults(int Conformance, string Data, DataSetResults Train, DataSetResults Test);

    private sealed record DataSetResults(int Count, int Height, int Width, string Images, string Labels)
    {
        public static DataSetResults Of(string images, string labels)
        {
            var set = ImageSet.Load(images, labels);
            return new(set.Count, set.Height, set.Width, images, labels);
        }

        public override string ToString() => $"{Count} images of {Height}×{Width} with labels: {Images}, {Labels}";
    }
}
