using System.Globalization;
using System.Text.RegularExpressions;
using Conformance.Oracle;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Conformance.Tests.Oracle;

/// <summary>Random geometries of an operation for FsCheck, which shrinks one that fails to the smallest that still does. Its id is all that is needed to see it again.</summary>
internal static partial class Geometries
{
    private const int Many = 1_000_000;

    /// <summary>The same draws in each run, unless <c>CONFORMANCE_TRIALS</c> asks for so many new ones.</summary>
    private static int? Asked => int.TryParse(Environment.GetEnvironmentVariable("CONFORMANCE_TRIALS"), CultureInfo.InvariantCulture, out var trials) ? trials : null;

    /// <summary>The operations that have geometries to draw.</summary>
    public static IEnumerable<string> Operations { get; } = [.. AllOperations.Names.Where(name => AllOperations.Named(name).RandomId(1, 0) is not null)];

    /// <summary>Fails with the smallest geometry of <paramref name="operation"/> of which <paramref name="holds"/> says what is wrong.</summary>
    /// <param name="trials">How many are drawn.</param>
    /// <param name="holds">Null where all is well.</param>
    public static void Check(string operation, int trials, Func<LayerCase, string?> holds)
    {
        var ids = Gen.Choose(0, Many).Select(number => AllOperations.Named(operation).RandomId(1, number)!);
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(Asked ?? trials);
        if (Asked is null)
            config = config.WithReplay(new Replay(new Rnd(1, 1), FSharpOption<int>.None));
        FsCheck.Check.One(config, Prop.ForAll(Arb.From(ids, Smaller), id => holds(AllOperations.Draw(id)) is { } wrong ? false.Label($"{id}: {wrong}") : true.ToProperty()));
    }

    /// <summary>What is a little smaller and still a case: without one of the parts, or with one number 1, half as large, or one less.</summary>
    public static IEnumerable<string> Smaller(string id)
    {
        var (operation, parts) = (id[..id.IndexOf('/', StringComparison.Ordinal)], id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..].Split('-', StringSplitOptions.RemoveEmptyEntries));
        var shorter = parts.Select((_, left) => operation + "/" + string.Join('-', parts.Where((_, i) => i != left)));
        var lower = Number().Matches(id).Where(match => match.Index > operation.Length).SelectMany(match =>
        {
            var value = int.Parse(match.Value, CultureInfo.InvariantCulture);
            return new[] { 1, value / 2, value - 1 }.Where(less => less > 0 && less < value).Distinct()
                .Select(less => string.Create(CultureInfo.InvariantCulture, $"{id[..match.Index]}{less}{id[(match.Index + match.Length)..]}"));
        });
        return shorter.Concat(lower).Where(IsCase);
    }

    private static bool IsCase(string id)
    {
        try
        {
            var drawn = AllOperations.Draw(id);
            return drawn.Refused is null && AllOperations.Named(drawn.Op).Evaluate(drawn).Tensors.Any(pair => pair.Value.Data.ContainsAnyExcept(0.0));
        }
        catch (ArgumentException)
        {
            return false; // what was left out was needed
        }
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
