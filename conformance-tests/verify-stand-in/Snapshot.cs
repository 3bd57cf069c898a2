using System.Text;

namespace VerifyTests;

/// <summary>An approved text and the received one beside it: UTF-8 with a byte order mark, <c>\n</c>, no newline added at the end.</summary>
internal sealed class Snapshot(string directory, string stem, string extension)
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    private readonly string _received = $"{stem}.received.{extension}";
    private readonly string _verified = $"{stem}.verified.{extension}";

    private string VerifiedPath => Path.Combine(directory, _verified);

    private string ReceivedPath => Path.Combine(directory, _received);

    /// <exception cref="VerifyException">Nothing was approved yet, or something else; the received text is then in its file.</exception>
    public void Compare(string target)
    {
        var received = target.ReplaceLineEndings("\n");
        if (!File.Exists(VerifiedPath) || new FileInfo(VerifiedPath).Length == 0)
        {
            Write(received);
            throw new VerifyException($"{Heading("New")}\nReceived: {_received}\n{received}\n\n");
        }

        var verified = File.ReadAllText(VerifiedPath, Encoding);
        if (verified.Contains('\r', StringComparison.Ordinal))
        {
            Write(received);
            throw new VerifyException(
                $"Verified file must use \\n line endings, but it contains a \\r (carriage return).\nPath: {VerifiedPath}\n"
                + $"The usual cause is git checking the file out with \\r\\n. Add to .gitattributes:\n  *.verified.{extension} text eol=lf working-tree-encoding=UTF-8\n");
        }

        if (received != verified)
        {
            Write(received);
            throw new VerifyException($"{Heading("NotEqual")}\nReceived: {_received}\n{received}\nVerified: {_verified}\n{verified}\n\n");
        }
        File.Delete(ReceivedPath);
    }

    private string Heading(string kind) =>
        $"Directory: {directory}\n{kind}:\n  - Received: {_received}\n    Verified: {_verified}\n\nFileContent:\n\n{kind}:\n";

    private void Write(string text)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(ReceivedPath, text, Encoding);
    }
}

/// <summary>A text that is not the approved one. No stack trace: the message says all.</summary>
internal sealed class VerifyException(string message) : Exception(message)
{
    public override string StackTrace => "";
}
