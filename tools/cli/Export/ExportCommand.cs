using System.CommandLine;
using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;

namespace Conformance.Cli.Export;

/// <summary><c>export</c>: a trained network for other programs.</summary>
internal sealed class ExportCommand : Command
{
    private readonly Option<string> _weights = new("--weights")
    {
        HelpName = "FILE",
        Description = "weights.safetensors of a training, or a state dict of PyTorch as safetensors",
        Required = true
    };
    private readonly Option<string?> _model =
        new("--model") { HelpName = "MODEL", Description = "the network, where the file does not say it, or another one with the same tensors" };
    private readonly Option<string> _out = new("--out")
    {
        HelpName = "FILE",
        Description = "ends in .onnx (ONNX, opset 17) or .safetensors (PyTorch's state dict, with the network's definition)",
        Required = true
    };

    public ExportCommand(Terminal terminal) : base("export", "write a trained network as ONNX, or as PyTorch's state dict")
    {
        Add(_weights);
        Add(_model);
        Add(_out);
        SetAction(parse => Run(parse, terminal));
    }

    private int Run(ParseResult parse, Terminal terminal)
    {
        string path = parse.GetValue(_out)!;
        Func<WeightsFile, byte[]> format = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".ONNX" => OnnxFile.ToBytes,
            ".SAFETENSORS" => weights => WeightsFile.ToBytes(weights.Model, weights.Network),
            _ => throw new UserError($"--out {path}: expected a file ending in .onnx or .safetensors"),
        };
        OutputDirectory.Open(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        var weights = WeightsFile.Load(parse.GetValue(_weights)!, parse.GetValue(_model), terminal);
        var bytes = format(weights);
        AtomicFile.Write(path, bytes);
        long parameters = weights.Network.Parameters.Sum(parameter => (long)parameter.Value.Length);
        terminal.Out.Write(string.Create(CultureInfo.InvariantCulture,
            $"{weights.Model.Name}: {weights.Model.Layers.Count} layers, {parameters:N0} parameters\n"
                + $"input    [N, {string.Join(", ", weights.Model.Input)}], normalised: {OnnxFile.Normalized}\n"
                + $"written  {path} ({bytes.Length:N0} bytes)\n"));
        return ExitCode.Good;
    }
}
