using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Conformance.Torch;

/// <summary>Whether live torch is on this machine, and which.</summary>
public static class TorchRuntime
{
    private static readonly Lazy<(string? Unavailable, string Provider)> Found = new(Find);

    /// <summary>Null where torch loads; else one line that says why not, and what to do.</summary>
    public static string? Unavailable => Found.Value.Unavailable;

    /// <summary><c>TorchSharp 0.106.0 (libtorch 2.10.0.0)</c> or <c>libtorch 1.13.1 (stand-in)</c>; <c>none</c> where torch does not load.</summary>
    public static string Provider => Found.Value.Provider;

    private static (string?, string) Find()
    {
        try
        {
            return (null, Load());
        }
        catch (Exception error) // whatever keeps a native library from loading is a reason to report, never to die of
        {
            var cause = error.GetBaseException().Message.ReplaceLineEndings(" ");
            if (error.GetBaseException() is FileNotFoundException)
                return ("torch is not part of this package: run this inside a clone of the repository, through tools/conformance", "none");
            return ($"torch does not load ({cause}): run tools/conformance setup", "none");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that a missing assembly throws inside Find's try
    private static string Load()
    {
        _ = torch.get_num_threads(); // the first call into native code
        var assembly = typeof(torch).Assembly;
        if (assembly.GetName().Name != "TorchSharp")
            return $"libtorch {torch.__version__} (stand-in)";
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString();
        return $"TorchSharp {version?.Split('+')[0]} (libtorch {torch.__version__})";
    }
}
