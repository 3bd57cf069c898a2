using System.Reflection;
using Conformance.Torch.Loading;
using TorchSharp;

namespace Conformance.Torch;

/// <summary>Torch on this machine: whether it loads, which it is, and whether its float32 is right here.</summary>
public static class TorchRuntime
{
    /// <summary><c>on</c> or <c>off</c>: what the user wants of oneDNN, whatever the self-test finds.</summary>
    public const string OneDnnVariable = "CONFORMANCE_ONEDNN";

    private static readonly Lazy<Found> State = new(Find);

    /// <summary>
    /// What is wrong with <see cref="OneDnnVariable"/>, in a line; null where it is as it should be. With a wrong value torch is not loaded.
    /// </summary>
    public static string? WrongSetting { get; } = TryForced(Environment.GetEnvironmentVariable(OneDnnVariable), out _) ? null
        : $"{OneDnnVariable} is '{Environment.GetEnvironmentVariable(OneDnnVariable)}': expected on or off";

    /// <summary>Null where torch loads; else one line that says why not.</summary>
    public static string? Unavailable => State.Value.Unavailable;

    /// <summary><c>TorchSharp 0.107.0 (libtorch 2.10.0)</c>; <c>none</c> where torch does not load.</summary>
    public static string Provider => State.Value.Provider;

    /// <summary>What the self-test found at load; null where torch does not load.</summary>
    public static Float32Health? Float32 => State.Value.Float32;

    /// <summary>Loads torch; to be called before TorchSharp is.</summary>
    /// <param name="float32">Whether its float32 is needed.</param>
    /// <exception cref="NotSupportedException">It does not load, or its float32 is wrong here; the message is one line.</exception>
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
        catch (Exception error) // whatever keeps a native library from loading is a reason to report, never to die of
        {
            var cause = error.GetBaseException();
            return new($"torch does not load: {(error as NotSupportedException ?? cause).Message.ReplaceLineEndings(" ")}", "none", null);
        }
    }

    /// <param name="forced">Whether oneDNN is wanted on or off; null where the variable is not set.</param>
    /// <returns>False for any other word.</returns>
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
