namespace Conformance.Tests.Blind.Second;

internal sealed class Second34 : SecondEngine
{
    public override string Name => "second-34";

    private readonly Dictionary<int, AdamState> _states = [];

    protected override AdamState AdamStart(string op, int size)
    {
        if (op != "adam")
            return base.AdamStart(op, size);
        if (!_states.TryGetValue(size, out var state))
            _states[size] = state = new(size);
        return state;
    }
}
