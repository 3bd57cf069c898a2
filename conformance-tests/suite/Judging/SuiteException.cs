namespace Conformance.Suite.Judging;

/// <summary>
/// The suite can't go on, and the engine is not the reason: the disk is full, memory or files have run out, or the suite has a mistake. It ends the
/// run, and no case is counted as failed by it.
/// </summary>
public sealed class SuiteException : Exception
{
    private const int InputOutput = 5, TryAgain = 11, NoMemory = 12, TooManyOfSystem = 23, TooManyFiles = 24, NoSpace = 28, ReadOnly = 30, Quota = 122;

    private static readonly int[] Machine = [InputOutput, TryAgain, NoMemory, TooManyOfSystem, TooManyFiles, NoSpace, ReadOnly, Quota];

    /// <param name="doing">What the suite was doing, such as "recording to FILE".</param>
    /// <param name="cause">Why it can't.</param>
    public SuiteException(string doing, Exception cause)
        : base($"{doing}: {FirstLine(cause)}. This is no verdict on the engine; what was asked is not judged", cause)
    {
    }

    /// <summary>Whether a program could not be started because the machine has no more files, processes or memory to give.</summary>
    internal static bool IsOfMachine(int errorNumber) => Machine.Contains(errorNumber);

    /// <summary>Whether an exception says that the machine is short of something: space, memory, files, processes.</summary>
    internal static bool IsOfMachine(Exception error) => error is OutOfMemoryException or InsufficientMemoryException
        || (!OperatingSystem.IsWindows() && error is IOException && IsOfMachine(error.HResult));

    private static string FirstLine(Exception cause) => cause.Message.Split('\n')[0].TrimEnd().TrimEnd('.');
}
