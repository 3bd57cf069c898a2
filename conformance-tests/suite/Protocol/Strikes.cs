using Conformance.Suite.Judging;

namespace Conformance.Suite.Protocol;

/// <summary>
/// Counts how many times in a row an engine had to be stopped in one operation. After three times the rest of that operation is not asked.
/// </summary>
internal sealed class Strikes
{
    private const int Most = 3;

    private readonly Dictionary<string, (int Count, string Last)> _inARow = [];

    /// <exception cref="ProtocolException">The operation is no longer asked.</exception>
    public void ThrowIfOver(string operation)
    {
        lock (_inARow)
            if (_inARow.TryGetValue(operation, out var strikes) && strikes.Count >= Most)
                throw new ProtocolException(
                    $"not asked: {Most} times in a row the engine had to be ended in {operation}, the last time with: {strikes.Last}")
                { Fault = Fault.NotAsked };
    }

    public void Fell(string operation, string reason)
    {
        lock (_inARow)
            _inARow[operation] = (_inARow.GetValueOrDefault(operation).Count + 1, reason);
    }

    /// <summary>Resets the count after an answer. An operation that is no longer asked stays so.</summary>
    public void Stood(string operation)
    {
        lock (_inARow)
            if (_inARow.GetValueOrDefault(operation).Count < Most)
                _inARow.Remove(operation);
    }
}
