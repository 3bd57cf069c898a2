using Conformance.Oracle;
using Conformance.Oracle.Operations;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Oracle;

/// <summary>
/// The cases of the aspect <c>narrow</c> have the geometry that many hand-written engines are limited to: a square kernel, stride 1, no padding, no
/// dilation, no groups, or a dense layer. These cases alone must kill every defect that such geometry can show.
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class NarrowFamilyTests
{
    /// <summary>What no narrow geometry shows, and why.</summary>
    private static readonly Dictionary<string, string[]> Invisible = new()
    {
        ["the stride is 1, so that swapped, ignored or taken from the end it is the same"] =
        [
            "conv2d.stride-swapped", "conv2d.stride-ignored", "conv2d.backward-input-ignores-stride", "conv2d.backward-weight-ignores-stride",
            "conv2d.backward-input-from-the-end", "conv2d.stride-zero-accepted",
            "conv2d.row-stride-for-both", "conv2d.column-stride-for-both", "conv2d.row-stride-ignored",
            "conv2d.column-stride-ignored", "conv2d.stride-times-kernel-element",
            "conv2d.backward-input-without-remainder", "conv2d.output-size-rounded-up",
            "conv2d.stride-swapped-throughout", "conv2d.stride-ignored-throughout", "conv2d.row-stride-for-both-throughout",
            "conv2d.column-stride-for-both-throughout", "conv2d.row-stride-ignored-throughout", "conv2d.column-stride-ignored-throughout",
        ],
        ["there is no padding to swap, ignore or fill"] =
        [
            "conv2d.padding-swapped", "conv2d.backward-input-padding-swapped", "conv2d.end-padding-as-begin",
            "conv2d.padding-in-size-alone", "conv2d.backward-input-ignores-padding",
            "conv2d.backward-weight-ignores-padding", "conv2d.padding-replicated", "conv2d.negative-padding-accepted",
            "conv2d.row-padding-for-both", "conv2d.column-padding-for-both",
            "conv2d.row-padding-ignored", "conv2d.column-padding-ignored", "conv2d.end-padding-above",
            "conv2d.end-padding-on-the-left", "conv2d.padding-circular", "conv2d.padding-reflected",
            "conv2d.padding-times-stride", "conv2d.padding-times-dilation", "conv2d.rows-unchecked",
            "conv2d.columns-unchecked",
            "conv2d.padding-swapped-throughout", "conv2d.row-padding-for-both-throughout", "conv2d.column-padding-for-both-throughout",
            "conv2d.padding-ignored-throughout", "conv2d.row-padding-ignored-throughout", "conv2d.column-padding-ignored-throughout",
            "conv2d.begin-padding-at-both-ends-throughout", "conv2d.end-padding-at-both-ends-throughout",
            "conv2d.begin-padding-alone-throughout", "conv2d.end-padding-alone-throughout", "conv2d.padding-doubled-throughout",
            "conv2d.padding-in-the-order-of-onnx-throughout",
        ],
        ["the dilation is 1, as the stride is"] =
        [
            "conv2d.dilation-swapped", "conv2d.dilation-ignored", "conv2d.backward-input-ignores-dilation", "conv2d.backward-weight-ignores-dilation",
            "conv2d.stride-dilation-exchanged",
            "conv2d.dilation-swapped-throughout", "conv2d.dilation-ignored-throughout", "conv2d.row-dilation-for-both-throughout",
            "conv2d.column-dilation-for-both-throughout", "conv2d.stride-dilation-exchanged-throughout",
            "conv2d.row-dilation-for-both", "conv2d.column-dilation-for-both", "conv2d.row-dilation-ignored", "conv2d.column-dilation-ignored",
            "conv2d.backward-input-padded-without-dilation", "conv2d.output-size-without-dilation",
        ],
        ["there is one group, whose offset is 0"] =
        [
            "conv2d.groups-read-first", "conv2d.groups-dealt-in-turn",
            "conv2d.backward-input-without-group-offset", "conv2d.backward-weight-without-group-offset",
            "conv2d.groups-unchecked",
            "conv2d.bias-added-per-group", "conv2d.bias-within-group", "conv2d.depthwise-multiplier-ignored",
            "conv2d.depthwise-outputs-zero", "conv2d.first-group-alone",
            "conv2d.last-group-alone", "conv2d.groups-interleaved", "conv2d.weight-by-global-channel", "conv2d.weight-without-group-offset",
        ],
        ["the kernel is square"] =
        [
            "conv2d.kernel-width-for-both", "conv2d.kernel-height-for-both", "conv2d.kernel-decoded-by-height", "conv2d.kernel-swapped-throughout",
        ],
        ["there are fewer than sixteen channels"] =
        [
            "conv2d.channel-tail-of-16-lost", "conv2d.filter-tail-of-16-lost",
            "conv2d.padded-lanes-of-16-not-cleared", "conv2d.backward-input-padded-lanes-of-16-not-cleared",
        ],
        ["the kernel fits: narrow cases are there to be answered"] = ["conv2d.kernel-too-large-accepted"],
    };

    /// <summary>What the family can't see no other narrow geometry shows either: a hundred drawn at random.</summary>
    [TestCase("conv2d")]
    [TestCase("linear")]
    public void TheFamilyKillsWhatSuchGeometryCanShow(string operation)
    {
        var family = Family(operation).Select(Question.AnsweredByTheOracle).ToArray();
        var any = new Lazy<Question[]>(() => [.. AnyNarrow(operation).Select(Question.AnsweredByTheOracle)]);
        Bulk.Check(AllOperations.Named(operation).Defects, defect => defect.Id, defect =>
        {
            var excused = Invisible.Values.Any(ids => ids.Contains(defect.Id));
            var killer = (excused ? any.Value : family).FirstOrDefault(
                question => Separation.Measure(question, defect) >= Separation.Least(question.Case.Tier));
            return excused == (killer is null) ? null : excused ? $"shown by {killer!.Case.Id}" : "no case of the family shows it";
        });
    }

    [TestCase("conv2d", 20)]
    [TestCase("linear", 6)]
    public void TheFamilyIsNarrowAndLargeEnough(string operation, int least)
    {
        var family = Family(operation).ToArray();
        Assert.That(family, Has.Length.GreaterThanOrEqualTo(least));
        foreach (var drawn in family.Where(drawn => drawn.Op == "conv2d"))
            Assert.That(Conv2dGeometry.FromCase(drawn), Is.EqualTo(Conv2dGeometry.FromCase(drawn) with
            {
                KH = Conv2dGeometry.FromCase(drawn).KW,
                StrideH = 1,
                StrideW = 1,
                Top = 0,
                Bottom = 0,
                Left = 0,
                Right = 0,
                DilationH = 1,
                DilationW = 1,
                Groups = 1,
            }), drawn.Id);
    }

    private static IEnumerable<LayerCase> Family(string operation) =>
        Repository.Cases.Where(entry => entry.Aspects.Contains("narrow")).Select(entry => entry.Draw()).Where(drawn => drawn.Op == operation);

    private static IEnumerable<LayerCase> AnyNarrow(string operation)
    {
        var dice = new Fill(1, operation, "narrow");
        for (var i = 0; i < 100; i++)
        {
            var kernel = dice.Pick(3, 5);
            var geometry = $"n{dice.Pick(1, 3)}c{dice.Pick(1, 3)}h{dice.Pick(kernel, 9)}w{dice.Pick(kernel, 9)}"
                + $"-o{dice.Pick(1, 4)}-k{kernel}{dice.Pick("", "-nobias")}";
            yield return AllOperations.Draw($"{operation}/{geometry}");
        }
    }
}
