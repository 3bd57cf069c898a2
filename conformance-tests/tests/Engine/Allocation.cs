namespace Conformance.Tests.Engine;

/// <summary>What some work allocates on its thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The least of a few tries of three calls each, in bytes. The runtime compiles a loop anew while it runs (on-stack replacement), on the thread that runs it, and allocates for that; when it does depends on how busy
    /// the machine is, but it does so once. What the work itself allocates, in each call or in every third, is in every try.
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
