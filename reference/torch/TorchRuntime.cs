using System.Reflection;
using Conformance.Torch.Loading;
using TorchSharp;

namespace Conformance.Torch;

/// <summary>Torch on this machine: whether it loads, its version, and whether its float32 is correct.</summary>
public static class TorchRuntime
{
    /// <summary>The environment variable that forces oneDNN <c>on</c> or <c>off</c>, whatever the self-test finds.</summary>
    public const string OneDnnVariable = "CONFORMANCE_ONEDNN";

    private static readonly Lazy<Found> State = new(Find);

    /// <summary>
    /// Describes a wrong value of <see cref="OneDnnVariable"/> in one line; null if the value is valid. With a wrong value torch is not loaded.
    /// </summary>
    public static string? WrongSetting { get; } = TryForced(Environment.GetEnvironmentVariable(OneDnnVariable), out _) ? null
        : $"{OneDnnVariable} is '{Environment.GetEnvironmentVariable(OneDnnVariable)}': expected on or off";

    /// <summary>One line with the reason why torch does not load; null if it loads.</summary>
    public static string? Unavailable => State.Value.Unavailable;

    /// <summary>The version, such as <c>TorchSharp 0.107.0 (libtorch 2.10.0)</c>; <c>none</c> if torch does not load.</summary>
    public static string Provider => State.Value.Provider;

    /// <summary>The result of the self-test at load; null if torch does not load.</summary>
    public static Float32Health? Float32 => State.Value.Float32;

    /// <summary>Loads torch. It must be called before any member of TorchSharp.</summary>
    /// <param name="float32">Whether torch's float32 is needed.</param>
    /// <exception cref="NotSupportedException">Torch does not load, or its float32 is wrong. The message is one line.</exception>
    internal static void Require(bool float32)
    {
        if (Unavailable is { } reason)
            throw new NotSupportedException(reason);
        if (float32 && Float32 is { IsUsable: false } health)
            throw new NotSupportedException(health.Text);
    }

    private sealed record Found(string? Unavailable, string Provider, Float32Health? Float32);

    private static Found Find()
    {
        if (!TryForced(Environment.GetEnvironmentVariable(OneDnnVariable), out var forced))
            return new(WrongSetting, "none", null);
        try
        {
            var handle = TorchLibrary.Load();
            _ = torch.get_num_threads(); // TorchSharp's first call
            return new(null, Name(), SelfTest.Run(new TorchEvaluation(torch.ScalarType.Float32), new OneDnn(handle).Enable, forced));
        }
        catch (Exception error) // any reason why a native library does not load is reported, and must not end the process
        {
            var cause = error.GetBaseException();
            return new($"torch does not load: {(error as NotSupportedException ?? cause).Message.ReplaceLineEndings(" ")}", "none", null);
        }
    }

    /// <param name="forced">Whether oneDNN is forced on or off; null if the variable is not set.</param>
    /// <returns>False if the value is neither <c>on</c> nor <c>off</c>.</returns>
    internal static bool TryForced(string? value, out bool? forced)
    {
        forced = value switch { "on" => true, "off" => false, _ => null };
        return value is null or "" || forced is not null;
    }

    private static string Name()
    {
        var assembly = typeof(torch).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName(
            ).Version?.ToString();
        return $"TorchSharp {version?.Split('+')[0]} (libtorch {Version.Parse(torch.__version__).ToString(3)})";
    }
}
