using System.Runtime.InteropServices;

namespace Conformance.Torch.Loading;

/// <summary>Switches of libtorch that TorchSharp has no member for: at::Context's, through the C++ names that they have on Linux.</summary>
internal sealed unsafe class OneDnn
{
    private readonly nint _context;
    private readonly delegate* unmanaged<nint, byte, void> _setMkldnn;

    /// <param name="torch">libtorch_cpu's handle.</param>
    public OneDnn(nint torch)
    {
        _context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(torch, "_ZN2at13globalContextEv"))();
        _setMkldnn = (delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(torch, "_ZN2at7Context20setUserEnabledMkldnnEb");
        // NNPACK is not built for every processor, and says so on stderr at each small convolution.
        ((delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(torch, "_ZN2at7Context20setUserEnabledNNPACKEb"))(_context, 0);
    }

    /// <summary>Whether libtorch computes convolutions with oneDNN where it can; for the whole process.</summary>
    public void Enable(bool enabled) => _setMkldnn(_context, enabled ? (byte)1 : (byte)0);
}
