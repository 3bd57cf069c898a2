using System.Globalization;

namespace Conformance.Torch;

/// <summary>Whether torch's float32 convolutions are correct on this machine, by the self-test at load.</summary>
/// <param name="OneDnn">Whether oneDNN is enabled.</param>
/// <param name="Forced">The value of <c>CONFORMANCE_ONEDNN</c>; null if it is not set.</param>
/// <param name="Wrong">The number of wrong convolutions in the self-test, with libtorch's default or the forced setting.</param>
/// <param name="WrongWithout">The number of wrong convolutions after oneDNN was switched off.</param>
/// <param name="Of">The number of convolutions in the self-test.</param>
public sealed record Float32Health(bool OneDnn, bool? Forced, int Wrong, int WrongWithout, int Of)
{
    /// <summary>Whether every convolution of the self-test is correct with the current setting.</summary>
    public bool IsRight => Wrong == 0 || (Forced is null && WrongWithout == 0);

    /// <summary>Whether torch's float32 is used: it is correct without oneDNN, or the user forces a setting.</summary>
    public bool IsUsable => Forced is not null || WrongWithout == 0;

    /// <summary>One line for reports.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{(OneDnn, Forced, WrongWithout) switch
    {
        (_, not null, _) => $"oneDNN {(OneDnn ? "on" : "off")} by CONFORMANCE_ONEDNN: {Wrong} of {Of} convolutions wrong on this machine",
        (true, _, _) => $"oneDNN on: {Of} of {Of} convolutions right on this machine",
        (_, _, 0) => $"oneDNN switched off: {Wrong} of {Of} convolutions wrong on this machine",
        _ => $"float32 not used: {Wrong} of {Of} convolutions wrong on this machine, and {WrongWithout} without oneDNN",
    }}");
}
