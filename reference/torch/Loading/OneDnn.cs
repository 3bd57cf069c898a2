using System.Runtime.InteropServices;

namespace Conformance.Torch.Loading;

/// <summary>Switches of libtorch that TorchSharp does not offer: members of at::Context, called by their mangled C++ names on Linux.</summary>
internal sealed unsafe class OneDnn
{
    private readonly nint _context;
    private readonly delegate* unmanaged<nint, byte, void> _setMkldnn;

    /// <param name="torch">The handle of libtorch_cpu.</param>
    public OneDnn(nint torch)
    {
        _context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(torch, "_ZN2at13globalContextEv"))();
        _setMkldnn = (delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(torch, "_ZN2at7Context20setUserEnabledMkldnnEb");
        // NNPACK is not built for every processor, and then warns on stderr at each small convolution.
        ((delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(torch, "_ZN2at7Context20setUserEnabledNNPACKEb"))(_context, 0);
    }

    /// <summary>Sets whether libtorch uses oneDNN for convolutions, for the whole process.</summary>
    public void Enable(bool enabled) => _setMkldnn(_context, enabled ? (byte)1 : (byte)0);
}
