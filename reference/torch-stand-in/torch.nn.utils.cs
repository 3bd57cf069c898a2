using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe class utils
        {
            /// <summary>Scales the gradients in place so that their common norm is at most <paramref name="max_norm"/>; returns what it was.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                Parameter[] kept = [.. tensors];
                double norm;
                fixed (nint* handles = Array.ConvertAll(kept, tensor => tensor.Handle))
                    Native.Check(Native.torch_clip_grad_norm_(handles, kept.Length, max_norm, norm_type, out norm));
                GC.KeepAlive(kept);
                return norm;
            }

            /// <summary>Limits each element of the gradients in place to ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                Parameter[] kept = [.. tensors];
                fixed (nint* handles = Array.ConvertAll(kept, tensor => tensor.Handle))
                    Native.Check(Native.torch_clip_grad_value_(handles, kept.Length, clip_value));
                GC.KeepAlive(kept);
            }
        }
    }
}
