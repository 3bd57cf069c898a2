namespace Conformance.Suite.Judging;

/// <summary>What came in place of numbers.</summary>
public enum Fault
{
    /// <summary>The engine threw, or says that it did, and lives.</summary>
    Threw,

    /// <summary>It refused the question.</summary>
    Refused,

    /// <summary>Its process ended.</summary>
    Died,

    /// <summary>No answer came in time, or none can come any more.</summary>
    Silent,

    /// <summary>What came is no reply.</summary>
    Nonsense,

    /// <summary>The question was not put: the engine had to be ended too often.</summary>
    NotAsked,

    /// <summary>A recording has no answer to the question.</summary>
    NotRecorded,

    /// <summary>The engine answered, and the suite can't read what is right.</summary>
    Unreadable,
}

/// <summary>How reports name a fault.</summary>
internal static class Faults
{
    /// <summary>What fails: <c>call</c>.</summary>
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

    /// <summary>What happened, before "in 2 of 4 cases".</summary>
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
