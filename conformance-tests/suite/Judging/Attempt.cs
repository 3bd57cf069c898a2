namespace Conformance.Suite.Judging;

/// <summary>
/// A step of a diagnosis. It runs what was written for right engines on what a wrong one answered, so it may throw; then it has found nothing, which
/// is no reason for a run to end.
/// </summary>
internal static class Attempt
{
    /// <summary>What the step finds; null where it finds nothing or throws.</summary>
    public static T? Find<T>(Func<T?> step)
        where T : class => Run(step, null);

    /// <summary>Whether something holds; not where the question itself throws.</summary>
    public static bool Holds(Func<bool> question) => Run(question, false);

    private static T Run<T>(Func<T> step, T otherwise)
    {
        try
        {
            return step();
        }
#pragma warning disable CA1031 // whatever a step throws, it has found nothing
        catch (Exception)
#pragma warning restore CA1031
        {
            return otherwise;
        }
    }
}
