using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>Any subject as a program that speaks the protocol: so that an engine in C# can be driven by others as well.</summary>
public static class ProtocolServer
{
    private const char Again = '#';

    /// <summary>Greets, and answers each line until the input ends.</summary>
    /// <param name="input">Standard input where null; likewise <paramref name="output"/>.</param>
    public static void Run(ISubject subject, Stream? input = null, Stream? output = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var lines = new LineReader(input ?? Console.OpenStandardInput(), int.MaxValue);
        output ??= Console.OpenStandardOutput();
        var (greeted, last) = (false, (LayerCase?)null);
        while (lines.Read() is { } line)
        {
            if (line.Bytes.Length == 0)
                continue;
            byte[] answer;
            try
            {
                if (greeted)
                {
                    var asked = Request.Read(line.Bytes);
                    last = IsAgain(asked, last) ? last! : asked with { Repeat = 2 };
                    answer = Reply.Answer(asked.Id, last, subject.Run);
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
    }

    /// <summary>
    /// The same request again, <c>#2</c> after its id, is the same object: it goes to the same layer, and what one call leaves behind shows in the
    /// next.
    /// </summary>
    private static bool IsAgain(LayerCase asked, LayerCase? last) =>
        last is not null && asked.Id.LastIndexOf(Again) is > 0 and var mark && asked.Id[..mark] == last.Id && asked.HasFillsOf(last);
}
