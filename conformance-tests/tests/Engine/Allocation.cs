namespace Conformance.Tests.Engine;

/// <summary>What some work allocates on its thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The least of a few tries, in bytes: a collection that another thread brings about counts the rest of this thread's allocation buffer as used, and does not come every time.
    /// </summary>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 5 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
