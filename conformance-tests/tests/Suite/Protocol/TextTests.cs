using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Tests.Examples;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>Command lines as a shell splits them, text of an engine made safe to show, and the ids under which questions are sent.</summary>
internal sealed class TextTests
{
    [TestCase("python3 my_engine.py", "python3", "my_engine.py")]
    [TestCase("  a\tb  ", "a", "b")]
    [TestCase("'my engine' \"a \\\"b\\\"\" c\\ d e'f'\"g\"", "my engine", "a \"b\"", "c d", "efg")]
    [TestCase("a '' \"\"", "a", "", "")]
    [TestCase("a \"\\n $HOME\" '\\'", "a", "\\n $HOME", "\\")]
    public void ACommandLineIsSplitAsAShellDoes(string line, params string[] words) => Assert.That(ShellWords.Split(line), Is.EqualTo(words));

    [TestCase("python3", "my_engine.py", "--fast")]
    [TestCase("my engine", "it's", "a \"b\"", "c\\d", "", "$HOME", "é")]
    [TestCase("'\"\\", "\\\\'")]
    public void WordsAreJoinedSoThatTheySplitAgain(params string[] words)
    {
        Assert.That(ShellWords.Split(ShellWords.Joined(words)), Is.EqualTo(words));
        Assert.That(ShellWords.Split(ShellWords.Quoted(ShellWords.Joined(words))), Is.EqualTo(new[] { ShellWords.Joined(words) }));
    }

    /// <summary>A command that a report prints is typed into a shell: it must give the same words there.</summary>
    [Test]
    [Platform("Linux,MacOsX")]
    public void AShellReadsQuotedWordsAsTheyAre()
    {
        string[] words =
        [
            "$HOME", "$(echo gone)", "`echo gone`", "\\", "\\\\n", "\"", "'", "''", "'\"'\"'",
            "two\nlines", "\n", "tab\there", "*", "~", "!!", "#1", "a;b", "a&b|c>d",
            "", " ", "é漢🙂", "-n", "a=b", "{a,b}", "%s", "it's \"$x\" \\",
        ];
        var inner = ShellWords.Joined(words);
        string[] printed = ["-c", $"printf '%s\\0' {inner} {ShellWords.Quoted(inner)}"];
        Assert.That(Programs.Run("sh", printed).Output.Split('\0')[..^1], Is.EqualTo((string[])[.. words, inner]));
        Assert.That(ShellWords.Split(inner), Is.EqualTo(words));
    }

    [TestCase("")]
    [TestCase("  ")]
    [TestCase("''")]
    [TestCase("python3 'engine.py")]
    [TestCase("python3 \"engine.py")]
    public void ALineWithoutAProgramOrAnEndIsRefused(string line) => Assert.Throws<FormatException>(() => ShellWords.Split(line));

    [TestCase("plain text, ünïcode 漢字 🙂", "plain text, ünïcode 漢字 🙂")]
    [TestCase("\e[31mred\a", @"\u001b[31mred\u0007")]
    [TestCase("two\r\n\tlines ", "two lines")]
    [TestCase("turned \u202eround\u200b\u2028\u0085\ufeff", @"turned \u202eround\u200b\u2028\u0085\ufeff")]
    [TestCase("12345678901234567890123456789012345678901", "1234567890123456789012345678901234567890…")]
    public void TextIsMadeSafeToShow(string text, string shown) => Assert.That(Visible.Line(text, 40), Is.EqualTo(shown));

    [TestCase("Infinity ", "Infinity ")]
    [TestCase(" \t\r\n", @" \u0009\u000d\u000a")]
    [TestCase("\e[31mred", @"\u001b[31mred")]
    [TestCase("", "")]
    [TestCase("12345678901234567890123456789012345678901", "1234567890123456789012345678901234567890…")]
    public void WhatIsQuotedIsNotTrimmed(string text, string shown) => Assert.That(Visible.Exactly(text, 40), Is.EqualTo(shown));

    [Test]
    public void EachQuestionHasAnIdOfItsOwn()
    {
        var (ids, one) = (new QuestionIds(), AllOperations.Draw("linear/n1-i2-o1"));
        var other = AllOperations.Draw("linear/n1-i2-o1", seed: 2);
        Assert.That(
            new[] { one, one, other, other.Copy(), one, other, AllOperations.Draw("linear/n1-i2-o1", seed: 3) }.Select(ids.Next),
            Is.EqualTo(new[] { "", "#2", "?1", "?1#2", "#3", "?1#3", "?2" }.Select(mark => "linear/n1-i2-o1" + mark)));
    }
}
