using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Runs any subject as a program that speaks the protocol, so that other tools can ask an engine in C#. It reads requests with less in them than
/// the suite's own have: attributes with PyTorch's defaults may be left out.
/// </summary>
public static class ProtocolServer
{
    private const char Again = '#';

    /// <summary>Sends the greeting, and answers each line until the input ends.</summary>
    /// <param name="input">The input stream; standard input if null. Likewise <paramref name="output"/>.</param>
    public static void Run(ISubject subject, Stream? input = null, Stream? output = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var lines = new LineReader(input ?? Console.OpenStandardInput(), BoundedFile.MostLine);
        output ??= Console.OpenStandardOutput();
        var (greeted, last) = (false, (LayerCase?)null);
        while (lines.Read() is { } line)
        {
            if (line.Bytes.Length == 0)
                continue;
            byte[] answer;
            try
            {
                if (line.TooLong)
                {
                    lines.SkipRest();
                    throw Wire.Wrong($"expected a line of at most {BoundedFile.MostLine} bytes, got more");
                }
                if (greeted)
                {
                    var asked = Request.Read(line.Bytes);
                    answer = Reply.Answer(asked.Id, asked, Run);
                }
                else
                {
                    Greeting.ReadOurs(line.Bytes);
                    (greeted, answer) = (
                        true, new Greeting(subject.Kernel is { } kernel ? $"{subject.Name} {kernel}" : subject.Name, subject.Declares).Write());
                }
            }
            catch (ProtocolException problem)
            {
                answer = Wire.Line(json => json.WriteString("error", problem.Message));
            }
            output.Write([.. answer, (byte)'\n']);
            output.Flush();
        }

        LayerResult Run(LayerCase asked)
        {
            last = IsAgain(asked, last) ? last! : PyTorchDefaults.Complete(asked) with { Repeat = 2 };
            return subject.Run(last);
        }
    }

    /// <summary>
    /// Whether the request repeats the last one, with <c>#2</c> after its id. It then becomes the same object and goes to the same layer, so that
    /// state left by a call is visible in the next.
    /// </summary>
    private static bool IsAgain(LayerCase asked, LayerCase? last) =>
        last is not null && asked.Id.LastIndexOf(Again) is > 0 and var mark && asked.Id[..mark] == last.Id && asked.HasFillsOf(last);
}
