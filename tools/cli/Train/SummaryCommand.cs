using System.CommandLine;
using System.Text.Json.Nodes;
using Conformance.Cli.Shared;
using Conformance.Engine.Networks;

namespace Conformance.Cli.Train;

/// <summary><c>summary</c>: what a network is made of, and which networks have a name.</summary>
internal sealed class SummaryCommand : Command
{
    private readonly Option<string> _model = ModelOption.Create();
    private readonly Option<bool> _list = new("--list") { Description = "the networks that have a name, and what of them is assumed" };
    private readonly Option<string?> _save =
        new("--save") { HelpName = "FILE", Description = "write the network's definition there, to start one of your own from" };
    private readonly Option<string> _out = CommonOptions.Out("summary");
    private readonly Option<bool> _json = CommonOptions.Json();

    public SummaryCommand(Terminal terminal) : base("summary", "what a network is made of: layers, output shapes, parameters, multiply-adds")
    {
        Add(_model);
        Add(_list);
        Add(_save);
        Add(_out);
        Add(_json);
        SetAction(parse => parse.GetValue(_list) ? List(parse, terminal) : Run(parse, terminal));
    }

    private int List(ParseResult parse, Terminal terminal)
    {
        var networks = NamedNetworks.Names
            .Select(name => (Definition: NamedNetworks.Named(name), Summary: NetworkSummary.FromDefinition(NamedNetworks.Named(name))))
            .ToArray();
        if (parse.GetValue(_json))
        {
            terminal.Out.Write(ResultsJson.Serialize(new Listed(1, [.. networks.Select(network => new Listed.Network(
                network.Definition.Name, network.Definition.Description, network.Definition.Assumed,
                network.Summary.Parameters, network.Summary.MultiplyAdds))])));
            return ExitCode.Good;
        }
        foreach (var (definition, summary) in networks)
        {
            terminal.Out.WriteLine(
                terminal.Bold($"{definition.Name,-20} {Count(summary.Parameters),10} parameters {Count(summary.MultiplyAdds),12} multiply-adds"));
            terminal.Out.WriteLine($"  {definition.Description}");
            foreach (var assumed in definition.Assumed)
                terminal.Out.WriteLine($"  assumed: {assumed}");
        }
        return ExitCode.Good;
    }

    private int Run(ParseResult parse, Terminal terminal)
    {
        var definition = ModelOption.Read(parse, _model);
        var summary = NetworkSummary.FromDefinition(definition);
        var output = OutputDirectory.Open(parse.GetValue(_out)!, "results.json");
        var json = ResultsJson.Serialize(new Results(
            1, summary.Name, summary.Input, summary.Layers, summary.Parameters, summary.MultiplyAdds, JsonNode.Parse(definition.ToJson())!));
        output.Write("results.json", json);
        if (parse.GetValue(_save) is { } file)
            Save(definition, file);
        terminal.Out.Write(parse.GetValue(_json) ? json : Text(definition, summary));
        return ExitCode.Good;
    }

    private static string Text(NetworkDefinition definition, NetworkSummary summary) =>
        $"{definition.Name}{(definition.Description.Length > 0 ? ": " : "")}{definition.Description}\n\n"
            + $"{summary}{string.Concat(definition.Assumed.Select(assumed => $"\nassumed: {assumed}"))}{(definition.Assumed.Count > 0 ? "\n" : "")}";

    /// <summary>To a file beside it first, so that a full disk leaves what was there.</summary>
    private static void Save(NetworkDefinition definition, string file)
    {
        if (File.Exists(file))
            throw new UserError($"--save {file}: expected a file that is not there yet");
        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        OutputDirectory.Open(directory, Path.GetFileName(file)).Write(Path.GetFileName(file), definition.ToJson());
    }

    private static string Count(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Results(
        int Conformance, string Name, IReadOnlyList<int> Input, IReadOnlyList<LayerSummary> Layers,
        long Parameters, long MultiplyAdds, JsonNode Definition);

    private sealed record Listed(int Conformance, IReadOnlyList<Listed.Network> Networks)
    {
        public sealed record Network(string Name, string Description, IReadOnlyList<string> Assumed, long Parameters, long MultiplyAdds);
    }
}
