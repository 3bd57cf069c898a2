using System.Text;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Protocol;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>What an engine's author may send to <c>serve</c>: PROTOCOL.md lets a questioner leave out what the suite always sends.</summary>
internal sealed class AskedByOthersTests
{
    /// <summary>Inputs that several requests share, in place of their names in ‹›.</summary>
    private const string Pixels = "\"inputs\":{\"input\":{\"shape\":[1,1,2,2],\"data\":[1,2,3,4]}}";

    private const string Kernel =
        "\"inputs\":{\"input\":{\"shape\":[1,1,1,2],\"data\":[3,5]},\"weight\":{\"shape\":[1,1,1,1],\"data\":[2]}}";

    private const string Scalar = "\"inputs\":{\"input\":{\"shape\":[],\"data\":[-3]}}";

    private const string Rows = "\"inputs\":{\"input\":{\"shape\":[2,2],\"data\":[0,0,0,0]},\"target\":{\"shape\":[2],\"data\":[0,-100]}}";

    private static readonly (string Request, string Reply)[] Asked =
    [
        // without a cotangent there are no gradients
        ("""{"id":"a","op":"relu",‹Scalar›}""", """{"id":"a","outputs":{"output":{"shape":[],"data":[0]}},"gradients":{}}"""),
        ("""{"id":"a","op":"linear","attributes":{},"inputs":{"input":{"shape":[1,1],"data":[3]},"weight":{"shape":[1,1],"data":[2]}}}""",
            """{"id":"a","outputs":{"output":{"shape":[1,1],"data":[6]}},"gradients":{}}"""),
        ("""{"id":"a","op":"nll_loss","attributes":{"reduction":"none"},‹Rows›}""",
            """{"id":"a","outputs":{"output":{"shape":[2],"data":[-0,0]}},"gradients":{}}"""),
        // tensors of no axes
        ("""{"id":"a","op":"leaky_relu",‹Scalar›,"cotangent":{"output":{"shape":[],"data":[100]}}}""",
            """{"id":"a","outputs":{"output":{"shape":[],"data":[-0.029999999329447746]}},"gradients":{"input":{"shape":[],"data":[1]}}}"""),
        ("""{"id":"a","op":"softmax","attributes":{"dim":0},‹Scalar›,"cotangent":{"output":{"shape":[],"data":[4]}}}""",
            """{"id":"a","outputs":{"output":{"shape":[],"data":[1]}},"gradients":{"input":{"shape":[],"data":[0]}}}"""),
        ("""{"id":"a","op":"mse_loss","inputs":{"input":{"shape":[],"data":[3]},"target":{"shape":[],"data":[1]}}}""",
            """{"id":"a","outputs":{"output":{"shape":[],"data":[4]}},"gradients":{"input":{"shape":[],"data":[4]}}}"""),
        // attributes with PyTorch's defaults
        ("""{"id":"a","op":"conv2d",‹Kernel›}""", """{"id":"a","outputs":{"output":{"shape":[1,1,1,2],"data":[6,10]}},"gradients":{}}"""),
        ("""{"id":"a","op":"max_pool2d","attributes":{"kernel_size":2},‹Pixels›}""",
            """{"id":"a","outputs":{"output":{"shape":[1,1,1,1],"data":[4]}},"gradients":{}}"""),
        ("""{"id":"a","op":"avg_pool2d","attributes":{"kernel_size":[2,2]},‹Pixels›}""",
            """{"id":"a","outputs":{"output":{"shape":[1,1,1,1],"data":[2.5]}},"gradients":{}}"""),
        ("""{"id":"a","op":"flatten",‹Pixels›}""", """{"id":"a","outputs":{"output":{"shape":[1,4],"data":[1,2,3,4]}},"gradients":{}}"""),
        ("""{"id":"a","op":"nll_loss",‹Rows›}""",
            """{"id":"a","outputs":{"output":{"shape":[],"data":[0]}},"gradients":{"input":{"shape":[2,2],"data":[-1,0,0,0]}}}"""),
        ("""
            {"id":"a","op":"sgd","attributes":{"lr":0.5},"inputs":{"parameter":{"shape":[1],"data":[1]},"gradients":{"shape":[2,1],"data":[1,1]}}}
            """, """{"id":"a","outputs":{"parameter":{"shape":[2,1],"data":[0.5,0]}},"gradients":{}}"""),
        // a padding of two numbers or of four, and a single number
        ("""{"id":"a","op":"conv2d","attributes":{"padding":[1,0],"stride":2},‹Kernel›}""",
            """{"id":"a","outputs":{"output":{"shape":[1,1,2,1],"data":[0,0]}},"gradients":{}}"""),
        ("""{"id":"a","op":"max_pool2d","attributes":{"kernel_size":2,"padding":[1,1,0,0]},‹Pixels›}""",
            """{"id":"a","outputs":{"output":{"shape":[1,1,2,1],"data":[2,4]}},"gradients":{}}"""),
        ("""{"id":"a","op":"avg_pool2d","attributes":{"kernel_size":2,"padding":[1,0,0,0]},‹Pixels›}""",
            """{"id":"a","unsupported":"a pool's padding is the same at both ends of an axis"}"""),
        // what has no default is missing
        ("""{"id":"a","op":"softmax",‹Pixels›}""", """{"id":"a","refused":"attribute 'dim' is missing: expected a whole number"}"""),
        ("""{"id":"a","op":"max_pool2d",‹Pixels›}""",
            """{"id":"a","refused":"attribute 'kernel_size' is missing: expected 2 whole numbers"}"""),
    ];

    [TestCase("clear")]
    [TestCase("fast")]
    public void WhatIsLeftOutHasPyTorchsDefault(string kernel)
    {
        var questions = string.Join('\n', Asked.Select(pair => Whole(pair.Request.Trim())).Prepend("""{"conformance":1}"""));
        using var output = new MemoryStream();
        ProtocolServer.Run(new ScratchSubject(kernel), new MemoryStream(Encoding.UTF8.GetBytes(questions)), output);
        var lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n')[1..];

        Bulk.Check(
            Asked.Zip(lines), pair => pair.First.Request,
            pair => pair.Second == pair.First.Reply ? null : $"expected {pair.First.Reply}\nbut was  {pair.Second}");
    }

    private static string Whole(string request) => request.Replace("‹Pixels›", Pixels, StringComparison.Ordinal)
        .Replace("‹Kernel›", Kernel, StringComparison.Ordinal).Replace("‹Scalar›", Scalar, StringComparison.Ordinal)
        .Replace("‹Rows›", Rows, StringComparison.Ordinal);

    /// <summary>Every operation is answered without the attributes that have a default, as with them.</summary>
    [Test]
    public void EveryOperationHasItsDefaults() => Bulk.Check(
        Usual, id => id, id =>
        {
            var drawn = AllOperations.Draw(id);
            var asked = drawn with
            {
                Attributes = Attributes.FromPairs([.. drawn.Attributes.All.Where(pair => Needed.Contains(pair.Key))
                .Select(pair => (pair.Key, (object?)pair.Value))])
            };
            var (right, answer) = (new ScratchSubject("clear").Run(drawn), new ScratchSubject("clear").Run(PyTorchDefaults.Complete(asked)));
            return right.Tensors.Zip(answer.Tensors).All(pair => pair.First.Value.Data.SequenceEqual(pair.Second.Value.Data))
                ? null
                : "another answer";
        });

    private static readonly string[] Needed = ["kernel_size", "output_size", "dim", "lr", "eps", "steps", "weight_decay", "q", "p"];

    private static readonly string[] Usual =
    [
        "conv2d/n1c2h4w5-o3-k2x3", "max_pool2d/n1c2h4w6-k2x3-s2x3", "avg_pool2d/n1c2h4w6-k2x3-s2x3", "batch_norm1d/n5c4", "batch_norm2d/n3c4h2w3",
        "leaky_relu/n2c3", "flatten/n2c3h4w5", "cross_entropy/n5c7-mean", "nll_loss/n5c7-mean", "mse_loss/n3c4-mean",
        "adam/t3-e4", "adamw/t3-e4", "sgd/t3-e4-plain",
    ];
}
