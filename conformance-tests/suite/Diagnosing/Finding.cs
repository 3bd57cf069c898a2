using Conformance.Suite.Diagnosing.Probing;

namespace Conformance.Suite.Diagnosing;

/// <summary>A cause of failure, with the elements that the engine reads for a wrong element; null if they could not be found.</summary>
public sealed record Finding(Cause Cause, TapPicture? Picture);
