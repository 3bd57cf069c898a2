using System.Diagnostics.CodeAnalysis;

#pragma warning disable CA1034, CA1707, CA1708, CA1822, CS8981, IDE0130 // it mimics TorchSharp's names, in its namespace

namespace TorchSharp;

/// <summary>A stand-in gone wrong in each way that the signature test must see; only <see cref="clone"/> is as it should be.</summary>
[SuppressMessage("Style", "IDE0060", Justification = "signatures only")]
public static class torch
{
    public class Tensor
    {
        public Tensor shape => this;

        public static Tensor contiguous() => new();

        public Tensor clone() => this;

        public long detach() => 0;

        public Tensor sparkle() => this;

        public Tensor argmax(bool keepdim, long dim) => this;

        public Tensor flatten(long first = 0, long end_dim = -1) => this;

        public Tensor requires_grad_(bool requires_grad = false) => this;
    }
}
