namespace Conformance.Scratch;

/// <summary>Options that the engine lacks.</summary>
internal static class Missing
{
    /// <exception cref="NotSupportedException">The engine lacks it: shown and counted, never as passed.</exception>
    public static void Unless(bool offered, string what)
    {
        if (!offered)
            throw new NotSupportedException($"the engine has no {what}");
    }
}
