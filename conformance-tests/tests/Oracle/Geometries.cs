using System.Globalization;
using Conformance.Oracle;
using Conformance.Suite.Running;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Conformance.Tests.Oracle;

/// <summary>
/// Random geometries of an operation for FsCheck, which shrinks a failing one to the smallest that still fails. Its id is enough to reproduce it.
/// </summary>
internal static class Geometries
{
    private const int Many = 1_000_000;
    private const ulong Seed = 1;

    /// <summary>The same draws in each run, unless <c>CONFORMANCE_TRIALS</c> asks for so many new ones.</summary>
    private static int? Asked =>
        int.TryParse(Environment.GetEnvironmentVariable("CONFORMANCE_TRIALS"), CultureInfo.InvariantCulture, out var trials) ? trials : null;

    /// <summary>The operations that have geometries to draw.</summary>
    public static IEnumerable<string> Operations { get; } =
        [.. AllOperations.Names.Where(name => AllOperations.Named(name).RandomId(Seed, 0) is not null)];

    /// <summary>Fails with the smallest geometry of <paramref name="operation"/> of which <paramref name="holds"/> says what is wrong.</summary>
    /// <param name="trials">How many are drawn.</param>
    /// <param name="holds">Null where all is well.</param>
    public static void Check(string operation, int trials, Func<LayerCase, string?> holds)
    {
        var ids = Gen.Choose(0, Many).Select(number => AllOperations.Named(operation).RandomId(Seed, number)!);
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(Asked ?? trials);
        if (Asked is null)
            config = config.WithReplay(new Replay(new Rnd(1, 1), FSharpOption<int>.None));
        var geometries = Arb.From(ids, id => Shrinker.Smaller(id, Seed).Select(smaller => smaller.Id));
        FsCheck.Check.One(
            config,
            Prop.ForAll(geometries, id => holds(AllOperations.Draw(id, Seed)) is { } wrong ? false.Label($"{id}: {wrong}") : true.ToProperty()));
    }
}
