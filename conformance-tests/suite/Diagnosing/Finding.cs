using Conformance.Suite.Diagnosing.Probing;

namespace Conformance.Suite.Diagnosing;

/// <summary>A cause of failure, with what the engine reads for a wrong element where it could be asked.</summary>
public sealed record Finding(Cause Cause, TapPicture? Picture);
