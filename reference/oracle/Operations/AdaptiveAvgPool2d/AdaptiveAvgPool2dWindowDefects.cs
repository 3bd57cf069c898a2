using static Conformance.Oracle.MistakeClass;
using static Conformance.Oracle.Operations.AdaptiveAvgPool2dDefect;
using static Conformance.Oracle.Operations.AdaptiveAvgPool2dTerms;
using static Conformance.Oracle.Operations.AdaptiveWindow;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of adaptive pools whose windows follow another rule.</summary>
internal static class AdaptiveAvgPool2dWindowDefects
{
    private const string Rule = "window i goes from ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉";

    public static IEnumerable<Defect> All { get; } =
    [
        Change("end-rounded-down", Both, PoolIndex,
            "a window's end is rounded down: the elements that two windows share are left to the later one",
            "round it up: ⌈(i + 1)·H/O⌉",
            _ => Placed(Start, w => (w.Index + 1) * w.Length / w.Outputs)),
        Change("start-rounded-up", Both, PoolIndex,
            "a window's start is rounded up: the elements that two windows share are left to the earlier one",
            "round it down: ⌊i·H/O⌋",
            _ => Placed(w => (w.Index * w.Length + w.Outputs - 1) / w.Outputs, End)),
        Change("windows-of-one-size", Both, PoolIndex,
            "all windows are ⌊H/O⌋ long, one after the other: the remainder is lost",
            "window i goes from ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉",
            _ => Placed(w => w.Index * (w.Length / w.Outputs), w => (w.Index + 1) * (w.Length / w.Outputs))),
        Change("last-window-takes-the-remainder", Both, PoolIndex,
            "windows are ⌊H/O⌋ long, and the last one takes what is left",
            "window i goes from ⌊i·H/O⌋ to ⌈(i + 1)·H/O⌉",
            _ => Placed(w => w.Index * (w.Length / w.Outputs), w => w.Index == w.Outputs - 1 ? w.Length : (w.Index + 1) * (w.Length / w.Outputs))),
        Change("fixed-stride-and-kernel", Both, PoolIndex,
            "it is an average pool with stride ⌊H/O⌋ and kernel H − (O − 1)·stride",
            Rule,
            _ => Placed(w => w.Index * Floor(w), w => w.Index * Floor(w) + w.Length - (w.Outputs - 1) * Floor(w))),
        Change("fixed-stride-longer-kernel", Both, PoolIndex,
            "it is an average pool with stride ⌊H/O⌋ and kernel ⌈H/O⌉",
            Rule,
            _ => Placed(w => w.Index * Floor(w), w => w.Index * Floor(w) + Ceiling(w))),
        Change("fixed-stride-rounded-up", Both, PoolIndex,
            "windows are ⌈H/O⌉ long, one after the other, and the last ones are cut off by the end",
            Rule,
            _ => Placed(w => Math.Min(w.Index * Ceiling(w), w.Length), w => Math.Min((w.Index + 1) * Ceiling(w), w.Length))),
        Change("longer-kernel-from-each-start", Both, PoolIndex,
            "windows start at ⌊i·H/O⌋ and are all ⌈H/O⌉ long",
            Rule,
            _ => Placed(Start, w => Math.Min(Start(w) + Ceiling(w), w.Length))),
        Change("shorter-kernel-from-each-start", Both, PoolIndex,
            "windows start at ⌊i·H/O⌋ and are all ⌊H/O⌋ long, or one element",
            Rule,
            _ => Placed(Start, w => Start(w) + Math.Max(1, Floor(w)))),
        Change("bounds-rounded-to-nearest", Both, PoolIndex,
            "both ends of a window are rounded to the nearest element",
            Rule,
            _ => Placed(w => Nearest(w), w => Nearest(w with { Index = w.Index + 1 }))),
        Change("end-one-more", Both, PoolIndex,
            "a window's last element is taken to be ⌈(i + 1)·H/O⌉: one more than there are",
            "the end is the first element behind the window",
            _ => Placed(Start, w => Math.Min(End(w) + 1, w.Length))),
        Change("first-element-alone", Both, Formula,
            "a window's first element is answered, as when an image is resized",
            "answer the mean of the window",
            _ => Placed(Start, w => Start(w) + 1)),
        Change("whole-plane", Both, Option,
            "every output is the mean of the whole plane, whatever output_size is",
            Rule,
            _ => Placed(_ => 0, w => w.Length)),
    ];

    private static int Floor(AdaptiveWindow w) => w.Length / w.Outputs;

    private static int Ceiling(AdaptiveWindow w) => (w.Length + w.Outputs - 1) / w.Outputs;

    private static int Nearest(AdaptiveWindow w) => (2 * w.Index * w.Length + w.Outputs) / (2 * w.Outputs);
}
