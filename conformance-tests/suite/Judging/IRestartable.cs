namespace Conformance.Suite.Judging;

/// <summary>A subject that can be had anew, with nothing left of what it was asked before.</summary>
internal interface IRestartable
{
    /// <summary>The same engine in a process of its own. Whoever asks for it disposes of it.</summary>
    ISubject Fresh();
}
