using System.Text;
using System.Text.Json;
using Conformance.Oracle;
using Conformance.Scratch;
using Conformance.Suite.Protocol;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>Requests and replies as text, and back.</summary>
internal sealed class WireTests
{
    [Test]
    public void EveryStoredCaseComesOverUnchanged()
    {
        foreach (var layerCase in Repository.Fixtures.Vectors().Select(vector => vector.Case))
        {
            var read = Request.Read(Request.Write(layerCase, layerCase.Id, forwardOnly: false));
            Assert.That(read.HasFillsOf(layerCase) && read.Op == layerCase.Op, layerCase.Id);
            Assert.That(Attributes(read), Is.EqualTo(Attributes(layerCase)), layerCase.Id);
        }

        static string Attributes(LayerCase layerCase) =>
            string.Join(' ', layerCase.Attributes.All.Select(pair => $"{pair.Key}={pair.Value.GetRawText()}"));
    }

    [Test]
    public void ARequestIsOneLineThatAnyJsonReaderTakes()
    {
        var layerCase = AllOperations.Draw("linear/n1-i2-o1") with
        {
            Inputs = new Dictionary<string, Tensor64> { ["input"] = new([1, 3], [0.1f, double.NaN, double.NegativeInfinity]) }
        };
        Assert.That(Encoding.UTF8.GetString(Request.Write(layerCase, "an \"id\"", forwardOnly: true)), Is.EqualTo(
            """{"id":"an \"id\"","op":"linear","attributes":{},"inputs":{"input":{"shape":[1,3]"""
                + ""","data":[0.10000000149011612,"NaN","-Infinity"]}}}"""));
    }

    [Test]
    public void NineDigitsAreEnough()
    {
        var reply = Reply.Read("""{"id":"a","outputs":{"output":{"data":[0.100000001,1e39,-0,16777216],"shape":[4]}}}"""u8, "a");
        Assert.That(reply.Result!.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { (double)0.1f, 1e39, 0, 16777216 }));
    }

    [Test]
    public void TensorsThatAreLeftOutKeepTheirReasons()
    {
        var reply = Reply.Read("""{"id":"a","outputs":{},"unsupported":{"gradients.input":"first layer of my net"}}"""u8, "a");
        Assert.That(reply.Result!.Unsupported, Is.EqualTo(new Dictionary<string, string> { ["gradients.input"] = "first layer of my net" }));
    }

    [Test]
    public void TheServerAnswersWhateverComes()
    {
        var input = """
            hello
            {"conformance":1}
            {"id":"1","op":"relu","attributes":{},"inputs":{"input":{"shape":[2],"data":[-1,2]}},"cotangent":{"output":{"shape":[2],"data":[3,4]}}}

            {"id":"2","op":"relu"}
            {"id":"3","op":"square","attributes":{},"inputs":{}}
            {"id":"4","op":"linear","attributes":{},"inputs":{"input":{"shape":[1,2],"data":[1,2]},"weight":{"shape":[1,3],"data":[1,2,3]}},"cotangent":{"output":{"shape":[1,1],"data":[1]}}}
            [
            """;
        using var output = new MemoryStream();
        ProtocolServer.Run(new ScratchSubject("clear"), new MemoryStream(Encoding.UTF8.GetBytes(input)), output);
        var lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.EqualTo(7));
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Is.EqualTo("""{"error":"expected a JSON object, one on a line, got hello"}"""));
            Assert.That(lines[1], Is.EqualTo("""{"conformance":1,"name":"scratch clear","dtype":"float32","dialect":{}}"""));
            Assert.That(
                lines[2],
                Is.EqualTo("""{"id":"1","outputs":{"output":{"shape":[2],"data":[0,2]}},"gradients":{"input":{"shape":[2],"data":[0,4]}}}"""));
            Assert.That(lines[3], Is.EqualTo("""{"error":"expected a request with id, op and inputs, got no inputs"}"""));
            Assert.That(lines[4], Does.StartWith("""{"id":"3","unsupported":"""));
            Assert.That(lines[5], Does.StartWith("""{"id":"4","refused":"""));
            Assert.That(lines[6], Does.StartWith("""{"error":"""));
        });
    }

    /// <summary>A JSON reader makes infinity of it, and infinity is a string in the protocol.</summary>
    [TestCase("1e400"), TestCase("-1e400"), TestCase("[1,1e400]")]
    public void ANumberThatFloat64DoesNotHoldIsNoAttribute(string number)
    {
        using var json = JsonDocument.Parse($$"""{"eps":{{number}}}""");
        var attributes = Attributes.FromJson(json.RootElement);
        Assert.That(
            () => number[0] == '[' ? attributes.Numbers("eps", 2) : [attributes.Number("eps")],
            Throws.ArgumentException.With.Message.EndsWith($"got {number}"));
    }

    [Test]
    public void ALineMayComeInAnyPieces()
    {
        var text = string.Join('\n', Enumerable.Range(0, 200).Select(i => new string((char)('a' + i % 26), i * 37 % 1500))) + "\r\nlast";
        foreach (var piece in new[] { 1, 7, 4096, 1 << 20 })
        {
            var reader = new LineReader(new Pieces(Encoding.UTF8.GetBytes(text), piece), 2000);
            var lines = new List<string>();
            while (reader.Read() is { } line)
                lines.Add(Encoding.UTF8.GetString(line.Bytes));
            Assert.That(string.Join('\n', lines), Is.EqualTo(text.Replace("\r", "", StringComparison.Ordinal)), $"{piece} bytes at a time");
        }
    }

    /// <summary>Hands out so many bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }
}
