using System.Runtime.InteropServices;
using Conformance.Oracle;

namespace Conformance.Suite.Judging;

/// <summary>An engine wrote to an array that it was given. The case fails, whatever the answer is.</summary>
/// <param name="name">The argument: <c>input</c>, <c>cotangent.output</c>, …</param>
public sealed class ChangedArgumentException(string name)
    : Exception($"{name} was changed in place: an engine may read its arguments, and must not write to them")
{
    /// <summary>The argument's name.</summary>
    public string Argument => name;
}

/// <summary>Hashes an engine's arguments before and after a call. A subject in C# uses it for the arrays that it passes to its engine.</summary>
public sealed class ArgumentGuard
{
    private readonly List<(string Name, Func<int> Hash, int Before)> _watched = [];

    /// <summary>Guards the arrays of a case.</summary>
    public static ArgumentGuard FromCase(LayerCase layerCase)
    {
        var guard = new ArgumentGuard();
        foreach (var (name, tensor) in layerCase.Inputs)
            guard.Watch(name, () => Hash(tensor.Data));
        foreach (var (name, tensor) in layerCase.Cotangents)
            guard.Watch("cotangent." + name, () => Hash(tensor.Data));
        return guard;
    }

    /// <summary>Stores the current hash of an argument.</summary>
    public void Watch(string name, Func<int> hash) => _watched.Add((name, hash, hash()));

    /// <exception cref="ChangedArgumentException">An argument has changed.</exception>
    public void Verify()
    {
        foreach (var (name, hash, before) in _watched)
            if (hash() != before)
                throw new ChangedArgumentException(name);
    }

    /// <summary>A hash of every bit of the values. It is only stable within this process.</summary>
    public static int Hash<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(values));
        return hash.ToHashCode();
    }
}
