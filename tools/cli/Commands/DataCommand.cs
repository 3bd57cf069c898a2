using System.CommandLine;
using Conformance.Cli.Data;
using Conformance.Cli.Reports;
using Conformance.Engine;

namespace Conformance.Cli.Commands;

/// <summary><c>data</c>: makes sure that the data is there and whole, and says where and how much.</summary>
internal sealed class DataCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string> _out = CommonOptions.Out("data");
    private readonly Option<bool> _json = CommonOptions.Json();

    public DataCommand(Terminal terminal, CancellationToken cancel)
        : base("data", "fetch MNIST where it is missing and check it, or check the files that --data names")
    {
        Add(_data);
        Add(_out);
        Add(_json);
        SetAction(parse => Run(parse, terminal, cancel));
    }

    private int Run(ParseResult parse, Terminal terminal, CancellationToken cancel)
    {
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json");
        var paths = Mnist.Ensure(parse.GetValue(_data), terminal.Error.WriteLine, cancel);
        var train = DataSetResults.Of(paths.TrainImages, paths.TrainLabels);
        var test = DataSetResults.Of(paths.TestImages, paths.TestLabels);

        var json = ResultsJson.Of(new DataResults(1, train, test));
        output.Write("results.json", json);
        terminal.Out.Write(parse.GetValue(_json) ? json : $"training  {train}\ntest      {test}\n");
        return ExitCode.Good;
    }

    private sealed record DataResults(int Conformance, DataSetResults Train, DataSetResults Test);

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
