namespace Conformance.Tests.Engine;

/// <summary>What some work allocates on its thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The least allocation of a few tries, in bytes; a try is three calls of the work. The runtime recompiles a running loop once (on-stack
    /// replacement) and allocates on its thread for that, at a time that depends on the load of the machine. Each try contains what the work itself
    /// allocates, in each call or in every third.
    /// </summary>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 5 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            work();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
