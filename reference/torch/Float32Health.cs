using System.Globalization;

namespace Conformance.Torch;

/// <summary>Whether torch's float32 convolutions are right on this machine, as the self-test at load found.</summary>
/// <param name="OneDnn">Whether oneDNN is on.</param>
/// <param name="Forced">What <c>CONFORMANCE_ONEDNN</c> asks for; null where it is not set.</param>
/// <param name="Wrong">Convolutions of the self-test that were wrong as libtorch came, or as forced.</param>
/// <param name="WrongWithout">Those that were wrong without oneDNN, after it was switched off.</param>
/// <param name="Of">Convolutions in the self-test.</param>
public sealed record Float32Health(bool OneDnn, bool? Forced, int Wrong, int WrongWithout, int Of)
{
    /// <summary>Every convolution of the self-test is right, as torch is now.</summary>
    public bool IsRight => Wrong == 0 || (Forced is null && WrongWithout == 0);

    /// <summary>Float32 of torch is used: right without oneDNN, or as the user wants it.</summary>
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
