using System.Text.Json;
using System.Text.Json.Nodes;
using Conformance.Cli;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Examples;

/// <summary>conformance.py, the file to copy beside one's own code: what a function gets, and what becomes of what it returns or raises.</summary>
[Parallelizable]
internal sealed class ConformancePyTests
{
    private const string Conv =
        """{"op":"conv2d","attributes":{"stride":STRIDE,"padding":PADDING,"dilation":DILATION,"groups":1},"inputs":{"input":{"shape":[1,1,1,2]"""
            + ""","data":[3,1]},"weight":{"shape":[1,1,1,1],"data":[2]}},"cotangent":{"output":{"shape":[1,1,1,2],"data":[5,7]}}}""";
    private const string Tanh =
        """{"op":"tanh","attributes":{},"inputs":{"input":{"shape":[2],"data":["NaN","-Infinity"]}},"cotangent":{"output":{"shape":[2]"""
            + ""","data":[5,6]}}}""";
    private const string Sgd =
        """{"op":"sgd","attributes":{"lr":LR,"momentum":0},"inputs":{"parameter":{"shape":[1],"data":[3]},"gradients":{"shape":[2,1]"""
            + ""","data":[5,6]}}}""";
    private const string Loss =
        """{"op":"cross_entropy","attributes":{"reduction":"mean","ignore_index":-100,"label_smoothing":0},"inputs":{"input":{"shape":[1,2]"""
            + ""","data":[5,6]},"target":{"shape":[1],"data":[1]}}}""";

    private static readonly TestCaseData[] Functions =
    [
        new("tanh=lambda x, dy: (x, {'input': dy})", Tanh,
            """{"outputs":{"output":{"shape":[2],"data":["NaN","-Infinity"]}},"gradients":{"input":{"shape":[2],"data":[5,6]}}}"""),
        new("tanh=lambda x: x", Tanh,
            """{"outputs":{"output":{"shape":[2],"data":["NaN","-Infinity"]}},"gradients":{},"unsupported":{"gradients.input":"not computed"}}"""),
        new("conv2d=lambda x, w, b, dy, stride, padding, dilation, groups: ([*stride, *padding, *dilation, groups, b is None], {})", Conv,
            """{"outputs":{"output":{"shape":[10],"data":[2,1,1,0,3,3,1,1,1,1]}},"gradients":{}}"""),
        new("conv2d=conformance.layer(Conv, weight='dW')", Square,
            """{"outputs":{"output":{"shape":[1],"data":[2]}},"gradients":{"input":{"shape":[1],"data":[1]},"weight":{"shape":[1],"data":[4]}}}"""),
        new("sgd=lambda parameter, gradients, lr, momentum: {'parameter': [*lr]}", Sgd.Replace("LR", "[0.5,0.25]", StringComparison.Ordinal),
            """{"outputs":{"parameter":{"shape":[2],"data":[0.5,0.25]}},"gradients":{}}"""),
        new("cross_entropy=lambda x, y, w, dy: ([[2, 3, 4][y[0]], w is None, dy is None], {})", Loss,
            """{"outputs":{"output":{"shape":[3],"data":[3,1,1]}},"gradients":{}}"""),
    ];

    private static readonly TestCaseData[] MoreFunctions =
    [
        new("tanh=lambda x, dy: (x, {'input': None})", Tanh,
            """{"outputs":{"output":{"shape":[2],"data":["NaN","-Infinity"]}},"gradients":{},"unsupported":{"gradients.input":"not computed"}}"""),
        new("tanh=lambda x, dy: print('a banner') or (dy, {'input': dy})", Tanh,
            """{"outputs":{"output":{"shape":[2],"data":[5,6]}},"gradients":{"input":{"shape":[2],"data":[5,6]}}}"""),
        new("tanh=lambda request: (request['cotangent']['output'], {'input': request['inputs']['input']})", Tanh,
            """{"outputs":{"output":{"shape":[2],"data":[5,6]}},"gradients":{"input":{"shape":[2],"data":["NaN","-Infinity"]}}}"""),
        new("tanh=lambda x, dy: 1 / 0", Tanh, """{"error":"ZeroDivisionError: division by zero (engine.py, line 12)"}"""),
        new("tanh=lambda x, y, z, dy: 1", Tanh,
            """{"error":"TypeError: expected parameters for input, dy and attributes; got x, y, z too (conformance.py, line N)"}"""),
        new("tanh=refuse", Tanh, """{"refused":"no such thing"}"""),
        new("relu=refuse", Tanh, """{"unsupported":"no such operation here"}"""),
        new("conv2d=lambda x, w, dy, *, stride=1, padding=0: ([stride, padding], {})", Conv,
            """{"unsupported":"one number for stride, and it is [2, 1]"}"""),
        new("conv2d=lambda x, w, dy, *, stride, padding=(0, 0): ([*padding], {})", Conv,
            """{"unsupported":"the same padding at both ends, and it is [1, 0, 3, 3]"}"""),
        new("conv2d=lambda x, w, dy, *, stride=1, padding=0: ([stride, padding], {})", Square,
            """{"outputs":{"output":{"shape":[2],"data":[2,1]}},"gradients":{}}"""),
        new("conv2d=lambda x, w, dy, *, stride=(1, 1), padding=(0, 0): ([*stride, *padding], {})", Square,
            """{"outputs":{"output":{"shape":[4],"data":[2,2,1,1]}},"gradients":{}}"""),
        new("conv2d=lambda x, w, dy, *, padding: ([*padding], {})", Square, """{"unsupported":"there is no parameter stride, and it is [2, 2]"}"""),
        new("conv2d=lambda x, dy, *, stride, padding: ([*padding], {})", Square, """{"unsupported":"the function takes no weight"}"""),
        new("conv2d=lambda x, w, dy, **attributes: ([*attributes['stride']], {})", Square,
            """{"outputs":{"output":{"shape":[2],"data":[2,2]}},"gradients":{}}"""),
        new("conv2d=conformance.layer(Conv, weight=lambda conv: [conv.dW[0] + 1])", Square,
            """{"outputs":{"output":{"shape":[1],"data":[2]}},"gradients":{"input":{"shape":[1],"data":[1]},"weight":{"shape":[1],"data":[5]}}}"""),
        new("conv2d=conformance.layer(Pair)", Square,
            """{"outputs":{"output":{"shape":[1],"data":[2]}},"gradients":{"input":{"shape":[1],"data":[1]},"weight":{"shape":[1],"data":[4]}}}"""),
        new("sgd=lambda parameter, gradients, lr=0.1: {'parameter': [lr]}", Sgd.Replace("LR", "[0.5,0.5]", StringComparison.Ordinal),
            """{"outputs":{"parameter":{"shape":[1],"data":[0.5]}},"gradients":{}}"""),
    ];

    private static string Square =>
        Conv.Replace("STRIDE", "[2,2]", StringComparison.Ordinal)
            .Replace("PADDING", "[1,1,1,1]", StringComparison.Ordinal)
            .Replace("DILATION", "[1,1]", StringComparison.Ordinal);

    [TestCaseSource(nameof(Functions))]
    [TestCaseSource(nameof(MoreFunctions), Category = "Long")]
    public void AFunctionIsAsked(string function, string request, string reply)
    {
        var asked = JsonNode.Parse(request.Replace("STRIDE", "[2,1]", StringComparison.Ordinal)
            .Replace("PADDING", "[1,0,3,3]", StringComparison.Ordinal)
            .Replace("DILATION", "[1,1]", StringComparison.Ordinal))!;
        asked["id"] = "the id";
        using var numpy = JsonDocument.Parse(Served(Programs.NumPy(), function, asked));
        using var lists = JsonDocument.Parse(Served(Programs.Python(), function, asked));
        using var expected = JsonDocument.Parse("{\"id\":\"the id\"," + reply[1..]);
        Assert.That(Text(numpy), Is.EqualTo(Text(expected)));
        Assert.That(Text(lists), Is.EqualTo(Text(expected)));
    }

    [TestCase("tanh=lambda x: x", """{"conformance":1,"name":"engine","dtype":"float32","ops":["tanh"],"passes":["forward"]}""")]
    [TestCase(
        "name='mine', dtype='float64', dialect={'a':'b'}, relu=refuse",
        """{"conformance":1,"name":"mine","dtype":"float64","dialect":{"a":"b"},"ops":["relu"]}""")]
    public void ItGreets(string arguments, string greeting) =>
        Assert.That(
            Served(Programs.Python(), arguments, JsonNode.Parse("""{"conformance":1}""")!).Replace(" ", "", StringComparison.Ordinal),
            Is.EqualTo(greeting + "\n"));

    [Test]
    public void AnUnknownOperationIsNamed()
    {
        using var directory = new TemporaryDirectory();
        var (exit, _, error) = Programs.Run(Programs.Python(), [Engine(directory, "conv3d=refuse")]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("'conv3d' is no operation: expected some of conv2d, linear"));
    }

    /// <summary>From a script: the report is printed, the results come back, and the functions run in the script's own process.</summary>
    [Test]
    public void ChecksTheFunctionsOfThisProcess()
    {
        using var directory = new TemporaryDirectory();
        File.Copy(Path.Combine(Programs.Examples, "conformance.py"), directory.File("conformance.py"));
        var launcher = directory.File("tools-conformance");
        File.WriteAllText(launcher, $"#!/bin/sh\nexec dotnet '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(directory.File("script.py"), """
            import conformance, os
            asked = []
            def relu(x, dy):
                asked.append(os.getpid())
                return x * (x > 0), {"input": dy * (x >= 0)}
            results = conformance.check("--case", "relu/n2c3h4w5", "--case", "relu/n4c4", name="from here", relu=relu)
            print(set(asked) == {os.getpid()}, results["engine"], results["summary"]["fail"], results["diagnoses"][0]["id"])
            """);
        var (exit, output, error) = Programs.Run(
            Programs.NumPy(), [directory.File("script.py")], "", ("CONFORMANCE", launcher), ("TMPDIR", directory.Path));
        Assert.That(exit, Is.Zero, output + error);
        Assert.That(output, Does.EndWith("True from here 1 relu.open-at-zero\n").And.Contain("1 of 2 pass"));
    }

    private static string Text(JsonDocument json) => JsonSerializer.Serialize(Normal(json.RootElement));

    /// <summary>0.0 and 0 are one number, true is 1 (NumPy and lists tell them apart), and the line of a file of ours doesn't matter.</summary>
    private static object? Normal(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object =>
            json.EnumerateObject().OrderBy(pair => pair.Name, StringComparer.Ordinal).ToDictionary(pair => pair.Name, pair => Normal(pair.Value)),
        JsonValueKind.Array => json.EnumerateArray().Select(Normal).ToArray(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => 1.0,
        JsonValueKind.False => 0.0,
        _ => System.Text.RegularExpressions.Regex.Replace(json.GetString()!, @"(?<=conformance\.py, line )\d+", "N"),
    };

    private static string Served(string python, string arguments, JsonNode request)
    {
        using var directory = new TemporaryDirectory();
        var (exit, output, error) = Programs.Run(
            python, [Engine(directory, arguments), .. python == "python3" ? ["--lists"] : Array.Empty<string>()], request.ToJsonString() + "\n");
        Assert.That(exit, Is.Zero, error);
        return output;
    }

    /// <summary>A program of these functions; with <c>--lists</c> it has no NumPy.</summary>
    private static string Engine(TemporaryDirectory directory, string arguments)
    {
        File.Copy(Path.Combine(Programs.Examples, "conformance.py"), directory.File("conformance.py"));
        File.WriteAllText(directory.File("engine.py"), $$"""
            import sys
            if "--lists" in sys.argv:
                sys.modules["numpy"] = None
            import conformance
            def refuse(x, dy): raise conformance.Refused("no such thing")
            class Conv:
                def __init__(self, weight, stride=1, padding=0): self.stride, self.padding = stride, padding
                def forward(self, x): return [self.stride]
                def backward(self, dy): self.dW = [4]; return [self.padding]
            class Pair(Conv):
                def backward(self, dy): return [self.padding], [4]
            conformance.serve({{arguments}})
            """);
        return directory.File("engine.py");
    }
}
