using System.CommandLine;
using Conformance.Cli.Shared;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Gating;
using Conformance.Suite.Reporting.Files;

namespace Conformance.Cli.Check;

/// <summary>The options of the gate before a merge.</summary>
internal sealed class GateOptions
{
    private readonly Option<bool> _gate = new("--gate") { Description = "fail on what is not known to fail, on known failures that are none, and on what passed before and is not judged now" };
    private readonly Option<string?> _known = new("--known-failures") { HelpName = "FILE", Description = "what is known to fail: a case id (* for any text) and why, one a line; named as known, and let through by --gate alone" };
    private readonly Option<string?> _baseline = new("--baseline") { HelpName = "FILE", Description = "results.json of an earlier run: newly failing, newly passing, slower; decides nothing without --gate" };

    public IReadOnlyList<Option> Options => [_gate, _known, _baseline];

    /// <summary>Reads the files that were named, before any long work.</summary>
    /// <exception cref="UserError">One of them can't be read.</exception>
    public GateQuestion? Read(ParseResult parse)
    {
        try
        {
            var (known, baseline) = (parse.GetValue(_known), parse.GetValue(_baseline));
            return parse.GetValue(_gate) || known is not null || baseline is not null
                ? new(parse.GetValue(_gate), known is null ? null : KnownFailures.Read(known), baseline is null ? null : Results.Read(baseline))
                : null;
        }
        catch (FixtureException problem)
        {
            throw new UserError(problem.Message);
        }
    }
}

/// <summary>What a run is held against.</summary>
/// <param name="Decides">Whether the exit code is the gate's.</param>
internal sealed record GateQuestion(bool Decides, KnownFailures? Known, Results? Earlier);
