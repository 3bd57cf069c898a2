using Conformance.Cli.Fixtures;

namespace Conformance.Tests.Examples;

/// <summary>The JSON Schema of the protocol accepts every valid message. For each of its rules there is a message that it rejects.</summary>
internal sealed class ProtocolSchemaTests
{
    private const string Hello = """{"conformance":1}""";
    private const string Greeting =
        """{"conformance":1,"name":"e","ops":["relu"],"dtype":"float32","passes":["forward"]"""
            + ""","arithmetic":"inexact","dialect":{"max_pool_ties":"split"}}""";
    private const string Request =
        """{"id":"relu/n1c2","op":"relu","attributes":{"a":[1,2],"b":null,"c":true,"d":"mean","e":0.5},"inputs":{"input":{"shape":[1,2]"""
            + ""","data":[1,"NaN"]}},"cotangent":{"output":{"shape":[1,2],"data":[-1.5e-3,"-Infinity"]}}}""";
    private const string Numbers =
        """{"id":"relu/n1c2","outputs":{"output":{"shape":[],"data":[1]}},"gradients":{"input":{"shape":[0,2],"data":[]}}"""
            + ""","unsupported":{"gradients.weight":"none"}}""";
    private const string Refused = """{"id":"relu/n1c2#2","refused":"why"}""";
    private const string Unsupported = """{"id":"relu/n1c2","unsupported":"why"}""";
    private const string Error = """{"id":"relu/n1c2","error":"why"}""";

    private static readonly Schemas Schemas = new(Repository.Fixtures);

    [TestCase(Hello)]
    [TestCase("""{"conformance":1,"later":{"any":1}}""")]
    [TestCase(Greeting)]
    [TestCase("""{"conformance":1,"name":"e"}""")]
    [TestCase(Request)]
    [TestCase("""{"id":"relu/n1c2","op":"relu","attributes":{},"inputs":{}}""")]
    [TestCase(Numbers)]
    [TestCase("""{"id":"relu/n1c2","outputs":{}}""")]
    [TestCase(Refused)]
    [TestCase(Unsupported)]
    [TestCase(Error)]
    public void AMessageFollowsIt(string message) => Assert.That(Schemas.ProblemsOfMessage(message), Is.Empty);

    [TestCase(Hello, ":1", ":2")]
    [TestCase(Hello, ":1", ":\"1\"")]
    [TestCase(Hello, "\"conformance\":1", "")]
    [TestCase(Greeting, "\"conformance\":1", "\"conformance\":1.5")]
    [TestCase(Greeting, "\"name\":\"e\",", "")]
    [TestCase(Greeting, "\"name\":\"e\"", "\"name\":\"\"")]
    [TestCase(Greeting, "\"name\":\"e\"", "\"name\":7")]
    [TestCase(Greeting, "[\"relu\"]", "\"relu\"")]
    [TestCase(Greeting, "[\"relu\"]", "[\"ReLU\"]")]
    [TestCase(Greeting, "float32", "single")]
    [TestCase(Greeting, "[\"forward\"]", "[\"sideways\"]")]
    [TestCase(Greeting, "[\"forward\"]", "[]")]
    [TestCase(Greeting, "[\"forward\"]", "\"forward\"")]
    [TestCase(Greeting, "inexact", "rough")]
    [TestCase(Greeting, "\"split\"", "1")]
    [TestCase(Greeting, "{\"max_pool_ties\":\"split\"}", "[]")]
    [TestCase(Request, "\"id\":\"relu/n1c2\",", "")]
    [TestCase(Request, "\"relu/n1c2\"", "\"\"")]
    [TestCase(Request, "\"op\":\"relu\"", "\"op\":\"ReLU\"")]
    [TestCase(Request, "\"op\":\"relu\",", "")]
    [TestCase(Request, "[1,2],\"b\"", "[\"1\"],\"b\"")]
    [TestCase(Request, "[1,2],\"b\"", "{\"height\":1},\"b\"")]
    [TestCase(Request, "\"attributes\"", "\"options\"")]
    [TestCase(Request, "\"inputs\"", "\"input\"")]
    [TestCase(Request, "\"inputs\":{\"input\":{\"shape\":[1,2],", "\"inputs\":{\"input\":{")]
    [TestCase(Request, "\"data\":[1,\"NaN\"]", "\"numbers\":[1]")]
    [TestCase(Request, "\"NaN\"", "\"nan\"")]
    [TestCase(Request, "\"-Infinity\"", "null")]
    [TestCase(Request, "\"cotangent\":{", "\"cotangent\":{\"other\":[],")]
    [TestCase(Numbers, "\"shape\":[]", "\"shape\":1")]
    [TestCase(Numbers, "[0,2]", "[-1,2]")]
    [TestCase(Numbers, "[0,2]", "[0.5,2]")]
    [TestCase(Numbers, "\"data\":[1]", "\"data\":1")]
    [TestCase(Numbers, "\"data\":[1]", "\"data\":[[1]]")]
    [TestCase(Numbers, "\"gradients\":{", "\"gradients\":{\"other\":5,")]
    [TestCase(Numbers, "\"outputs\"", "\"output\"")]
    [TestCase(Numbers, "gradients.weight", "weight")]
    [TestCase(Numbers, "\"none\"", "1")]
    [TestCase(Numbers, "\"id\"", "\"refused\":\"too\",\"id\"")]
    [TestCase(Numbers, "\"id\"", "\"error\":\"too\",\"id\"")]
    [TestCase(Refused, "\"why\"", "true")]
    [TestCase(Refused, "\"refused\"", "\"unsupported\":\"too\",\"refused\"")]
    [TestCase(Refused, "\"refused\"", "\"error\":\"too\",\"refused\"")]
    [TestCase(Refused, "\"id\":\"relu/n1c2#2\",", "")]
    [TestCase(Unsupported, "\"why\"", "[]")]
    [TestCase(Unsupported, "\"unsupported\"", "\"error\":\"too\",\"unsupported\"")]
    [TestCase(Error, "\"error\"", "\"failed\"")]
    [TestCase(Error, "\"why\"", "null")]
    public void AMessageThatBreaksARuleDoesNot(string right, string before, string after)
    {
        Assert.That(right, Does.Contain(before));
        var wrong = right.Replace(before, after, StringComparison.Ordinal).Replace("{,", "{", StringComparison.Ordinal);
        Assert.That(Schemas.ProblemsOfMessage(wrong), Is.Not.Empty, wrong);
    }
}
