using Conformance.Suite.Protocol;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>An engine that never greets, or greets with what can't be understood, is not judged: one line says why.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class GreetingTests
{
    [TestCase("die-on-start", "no greeting: the engine ended with exit code 1; last on stderr: ImportError: no module named layers")]
    [TestCase("chat", "it prints other things in place of a greeting, first 'hello': stdout is the protocol's, print to stderr")]
    [TestCase("version-2", "its greeting: expected version 1 of the protocol, got 2")]
    [TestCase("no-version", @"its greeting: expected a greeting, {""conformance"":1,…}, got an object without ""conformance""")]
    [TestCase("odd-passes", @"its greeting: passes: expected [""forward""] or [""forward"",""backward""], got backward")]
    [TestCase("odd-arithmetic", @"its greeting: arithmetic: expected ""exact"" or ""inexact"", got ""fuzzy""")]
    [TestCase("odd-dialect", "its greeting: dialect: expected an object of conventions by name, got a list")]
    [TestCase("odd-convention", "its greeting: dialect: …")]
    [TestCase("never-greet", @"no greeting within 1 s: expected {""conformance"":1,…}, one line on stdout, flushed", Category = "Long")]
    public void NothingIsJudgedAndOneLineSaysWhy(string mode, string message)
    {
        Python.Require();
        using var engine = new Misbehaving(mode);
        Assert.That(
            Assert.Throws<NoGreetingException>(() => engine.Start(1, greeting: mode == "never-greet" ? 1 : 10))!.Message,
            message.EndsWith('…') ? Does.StartWith(message[..^1]) : Is.EqualTo(message));
        Assert.That(engine.Left, Is.Empty);
    }

    [Test]
    public void ANameIsTamed()
    {
        Python.Require();
        using var subject = new Misbehaving("rude-name").Start();
        Assert.That(subject.Name, Is.EqualTo(@"\u001b[31mred\u202e<script>" + new string('x', 60 - 27) + "…"));
        Assert.That(subject.Declares.Operations, Is.EqualTo(new[] { "relu" }));
    }

    [TestCase("no-such-program", "can't start 'no-such-program': there is no such program on PATH")]
    [TestCase("./no-such-program", "can't start './no-such-program': there is no such program in this directory")]
    public void AProgramThatIsNotThereIsSaidSo(string program, string message) => Assert.That(
        Assert.Throws<NoGreetingException>(() => new ProcessSubject(new([program])).Dispose())!.Message, Is.EqualTo(message));

    [Test]
    public void AnOperationThatTheSuiteDoesNotHaveIsSaid()
    {
        var declares = Greeting.Read("""{"conformance":1,"ops":["relu","convd2d"]}"""u8).Declares;
        Assert.That(declares.Note, Does.StartWith("ops: the suite asks nothing of convd2d, which is no operation of it: there are ").And.Contain("conv2d"));
        Assert.That(declares.Operations, Does.Contain("relu"));
    }

    [Test]
    public void WhatIsDeclaredComesOver()
    {
        var greeting = Greeting.Read(
            """{"conformance":1,"name":"mine","ops":["conv2d"],"passes":["forward"],"arithmetic":"inexact","dialect":{"max_pool_ties":"split"}"""u8
                + ""","colour":{"a":[1]}}"""u8);
        var again = Greeting.Read(greeting.Write());
        foreach (var one in new[] { greeting, again })
            Assert.Multiple(() =>
            {
                Assert.That(one.Name, Is.EqualTo("mine"));
                Assert.That(one.Declares.Operations, Is.EqualTo(new[] { "conv2d" }));
                Assert.That(one.Declares.ForwardOnly && one.Declares.Inexact);
                Assert.That(one.Declares.Conventions, Is.EqualTo(new Dictionary<string, string> { ["max_pool_ties"] = "split" }));
            });
    }
}
