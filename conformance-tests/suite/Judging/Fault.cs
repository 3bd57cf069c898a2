namespace Conformance.Suite.Judging;

/// <summary>The kinds of faults that an engine may give instead of numbers.</summary>
public enum Fault
{
    /// <summary>The engine threw, or reports that it did, and still runs.</summary>
    Threw,

    /// <summary>The engine refused the question.</summary>
    Refused,

    /// <summary>The engine's process ended.</summary>
    Died,

    /// <summary>No answer came in time, or none can come any more.</summary>
    Silent,

    /// <summary>The reply is invalid.</summary>
    Nonsense,

    /// <summary>The question was not asked, because the engine had to be stopped too often.</summary>
    NotAsked,

    /// <summary>A recording has no answer to the question.</summary>
    NotRecorded,

    /// <summary>The engine answered, but the suite can't read the expected answer.</summary>
    Unreadable,
}

/// <summary>The texts of faults in reports.</summary>
internal static class Faults
{
    /// <summary>The noun for the fault: <c>call</c>.</summary>
    public static string Noun(this Fault fault) => fault switch
    {
        Fault.Threw or Fault.Refused => "call",
        Fault.Died => "process",
        Fault.Silent => "answer",
        Fault.Nonsense => "reply",
        Fault.NotAsked => "not asked",
        Fault.NotRecorded => "recording",
        _ => "stored answer",
    };

    /// <summary>The event as text, before "in 2 of 4 cases".</summary>
    public static string Text(this Fault fault) => fault switch
    {
        Fault.Threw => "throws",
        Fault.Refused => "refuses",
        Fault.Died => "dies",
        Fault.Silent => "gives no answer",
        Fault.Nonsense => "answers with what is no reply",
        Fault.NotAsked => "is not asked any more",
        Fault.NotRecorded => "has no answer on record",
        _ => "can't be judged, by a fault of the suite,",
    };
}
