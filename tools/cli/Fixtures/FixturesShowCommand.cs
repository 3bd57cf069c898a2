using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Cli.Fixtures;

/// <summary><c>fixtures show</c>: a case for people, and the sum behind one element of its answer.</summary>
internal sealed class FixturesShowCommand : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "a stored case, or any geometry spelled like one, which the oracle answers" };
    private readonly Option<string?> _element = new("--element")
    {
        HelpName = "TENSOR[INDEX]",
        Description = "write out the sum behind one element, such as outputs.output[0,1,2,3], gradients.input[…] or gradients.weight[…]"
    };
    private readonly Option<bool> _all = new("--all") { Description = "show large tensors whole" };

    public FixturesShowCommand(Terminal terminal) : base("show", "a case's tensors as grids; with --element the sum behind one element, tap by tap")
    {
        Add(_id);
        Add(_element);
        Add(_all);
        SetAction(parse => Run(parse, terminal));
    }

    private int Run(ParseResult parse, Terminal terminal)
    {
        var id = parse.GetValue(_id)!;
        var question = QuestionOf(id);
        if (parse.GetValue(_element) is { } element)
        {
            if (question.Case.Refused is not null)
                throw new UserError($"--element: {id} is refused, so there is no answer");
            terminal.Out.Write(ElementSum.Render(question, element));
            return ExitCode.Good;
        }
        WriteHead(question, terminal);
        var whole = parse.GetValue(_all);
        foreach (var (name, tensor) in question.Case.Inputs)
            terminal.Out.Write(TensorGrid.Render(name, tensor, whole));
        foreach (var (name, tensor) in question.Case.Cotangents)
            terminal.Out.Write(TensorGrid.Render("cotangent." + name, tensor, whole));
        foreach (var (name, tensor) in question.Expected.Tensors)
            terminal.Out.Write(TensorGrid.Render(name, tensor, whole));
        return ExitCode.Good;
    }

    private static Question QuestionOf(string id)
    {
        try
        {
            return new QuestionSource(StoredFixtures.Own(), null).Read(id);
        }
        catch (ArgumentException error)
        {
            throw new UserError(error.Message);
        }
    }

    private static void WriteHead(Question question, Terminal terminal)
    {
        var layerCase = question.Case;
        terminal.Out.WriteLine(terminal.Bold(layerCase.Id));
        if (StoredFixtures.Own().Cases().FirstOrDefault(entry => entry.Id == layerCase.Id) is { } entry)
            terminal.Out.WriteLine(
                $"why         {entry.Why}\naspects     {string.Join(", ", entry.Aspects)}\n"
                    + $"catches     {string.Join(", ", entry.Catches.Select(defect => defect[(layerCase.Op.Length + 1)..]))}");
        terminal.Out.WriteLine($"attributes  {string.Join(", ", layerCase.Attributes.All.Select(pair => $"{pair.Key} {pair.Value.GetRawText()}"))}");
        var expected = layerCase.Refused is { } reason
            ? $"a refusal: {reason}"
            : $"from {question.Source}, {(question.Bound.Tensors.Count == 0 ? "exactly" : "within a bound")}";
        terminal.Out.WriteLine($"expected    {expected}{(layerCase.Repeat > 1 ? $", asked {layerCase.Repeat} times" : "")}");
    }
}
