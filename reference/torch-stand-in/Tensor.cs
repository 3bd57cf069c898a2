using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A libtorch tensor. Freed by <see cref="Dispose()"/>, else with the <see cref="DisposeScope"/> in which it was made, else by the finaliser.
    /// </summary>
    public class Tensor : IDisposable
    {
        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            DisposeScope.Current?.Add(this);
        }

        /// <summary>Takes over <paramref name="other"/>'s native tensor and its place in its scope; <paramref name="other"/> becomes empty.</summary>
        internal Tensor(Tensor other)
        {
            _handle = other.Handle;
            var scope = other.Scope;
            other.DetachFromDisposeScope();
            other._handle = 0;
            scope?.Add(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>The scope that will dispose this tensor.</summary>
        internal DisposeScope? Scope { get; set; }

        internal nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public unsafe long[] shape
        {
            get
            {
                Native.Check(Native.torch_rank(Handle, out var rank));
                var extents = new long[rank];
                fixed (long* first = extents)
                    Native.Check(Native.torch_shape(Handle, first));
                GC.KeepAlive(this);
                return extents;
            }
        }

        public ScalarType dtype
        {
            get
            {
                Native.Check(Native.torch_dtype(Handle, out var dtype));
                GC.KeepAlive(this);
                return (ScalarType)dtype;
            }
        }

        /// <summary>The elements of a contiguous tensor, in place: keep the tensor while reading them.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                Native.Check(Native.torch_data(Handle, out var data, out var length));
                GC.KeepAlive(this);
                return new(data, checked((int)length));
            }
        }

        /// <summary>The accumulated gradient; null before the first <see cref="backward()"/>.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.torch_grad(Handle, out var gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new(gradient);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            Native.Check(Native.torch_set_requires_grad(Handle, (sbyte)(requires_grad ? 1 : 0)));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Keeps the gradient of a tensor that is no leaf, at the next <see cref="backward()"/>.</summary>
        public void retain_grad()
        {
            Native.Check(Native.torch_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public void backward() => Backward(null);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            if (retain_graph || create_graph || inputs is not null || grad_tensors is { Count: not 1 })
                throw new NotSupportedException("the stand-in's backward takes one gradient for its one root, and no other option");
            Backward(grad_tensors?[0]);
        }

        private void Backward(Tensor? gradient)
        {
            Native.Check(Native.torch_backward(Handle, gradient?.Handle ?? 0));
            GC.KeepAlive(this);
            GC.KeepAlive(gradient);
        }

        public T item<T>()
            where T : unmanaged
        {
            var expected = dtype switch
            {
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.Int64 => typeof(long),
                ScalarType.Int32 => typeof(int),
                _ => typeof(bool),
            };
            if (typeof(T) != expected)
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            var elements = bytes;
            if (elements.Length != Unsafe.SizeOf<T>())
                throw new ArgumentException("Number of elements in the tensor must be 1");
            var value = Unsafe.ReadUnaligned<T>(ref elements[0]);
            GC.KeepAlive(this);
            return value;
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var converted = Native.Call("to.dtype", this, (long)type, non_blocking, copy, default);
            if (disposeAfter)
                Dispose();
            return converted;
        }

        public Tensor contiguous() => Native.Call("contiguous", this, 0);

        public Tensor detach() => Native.Call("detach", this);

        public Tensor clone() => Native.Call("clone", this, default);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Native.Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor argmax(long dim, bool keepdim = false) => Native.Call("argmax", this, dim, keepdim);

        public Tensor eq(Tensor target) => Native.Call("eq.Tensor", this, target);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Native.Call("copy_", this, source, nonBlocking);

        public Tensor exp() => Native.Call("exp", this);

        public Tensor gather(long dim, Tensor index) => Native.Call("gather", this, dim, index, false);

        public Tensor unsqueeze(long dim) => Native.Call("unsqueeze", this, dim);

        public Tensor sum(ScalarType? type = null) => Native.Call("sum", this, (long?)type);

        public Tensor mean() => Native.Call("mean", this, default);

        public static Tensor operator *(Tensor left, Tensor right) => Native.Call("mul.Tensor", left, right);

        public static Tensor operator *(Tensor left, double right) => Native.Call("mul.Scalar", left, right);

        public static Tensor operator /(Tensor left, double right) => Native.Call("div.Scalar", left, right);

        public static Tensor operator -(double left, Tensor right) => Native.Call("rsub.Scalar", right, left, 1);

        internal Tensor DetachFromDisposeScope()
        {
            Scope?.Remove(this);
            return this;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposing)
                DetachFromDisposeScope();
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
                _ = Native.torch_free(handle); // a finaliser must not throw
        }
    }
}
