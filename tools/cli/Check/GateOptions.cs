using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Reporting;
using Conformance.Suite.Reporting.Files;

namespace Conformance.Cli.Check;

/// <summary>The options of the gate before a merge.</summary>
internal sealed class GateOptions
{
    private readonly Option<bool> _gate = new("--gate")
    {
        Description = "fail on what is not known to fail, on known failures that are none, and on what passed before and is not judged now",
    };
    private readonly Option<string?> _known = new("--known-failures")
    {
        HelpName = "FILE",
        Description = "what is known to fail: a case id (* for any text) and why, one a line; named as known, and let through by --gate alone",
    };
    private readonly Option<string?> _baseline = new("--baseline")
    {
        HelpName = "FILE",
        Description = "results.json of an earlier run: newly failing, newly passing, slower; decides nothing without --gate",
    };

    public IReadOnlyList<Option> Options => [_gate, _known, _baseline];

    /// <summary>Reads the files that were named, before any long work.</summary>
    /// <param name="stored">Every id that exists.</param>
    /// <param name="output">Where the run's own reports go.</param>
    /// <returns>Null where nothing was asked of a gate.</returns>
    /// <exception cref="UserError">One of the files can't be read.</exception>
    public GateTerms? Read(ParseResult parse, IReadOnlyCollection<string> stored, OutputDirectory output)
    {
        var (gate, known, baseline) = (parse.GetValue(_gate), parse.GetValue(_known), parse.GetValue(_baseline));
        if (known is not null && ReportFiles.IsOne(known, output.Path))
            throw new UserError($"--known-failures {known}: this run writes that file in --out {output.Path}. Move it elsewhere.");
        if (!gate && known is null && baseline is null)
            return null;
        try
        {
            var mayFail = known is null ? null : KnownFailures.Read(known);
            var earlier = baseline is null ? null : Complete(baseline).ToEarlier();
            return new(mayFail, earlier, stored) { Decides = gate };
        }
        catch (FixtureException problem)
        {
            throw new UserError(problem.Message);
        }
    }

    /// <summary>The results of a run that came to its end: what an interrupted one did not ask would not be missed.</summary>
    private static Results Complete(string path)
    {
        var results = Results.Read(path);
        return results.Interrupted
            ? throw new UserError(
                $"--baseline {path}: that run was interrupted after {results.Cases.Count} cases; expected the results of a complete one")
            : results;
    }
}
