using System.Runtime.InteropServices;

#pragma warning disable CA1050 // .NET finds a start-up hook by this name, in no namespace.
/// <summary>
/// Makes a process behave as on a machine that hides its caches (<c>reference/torch/onednn.md</c>): the function of oneDNN that asks for the size of
/// a cache answers 1, in memory alone. So the float32 of libtorch is as wrong as there, on any machine. .NET runs it when <c>DOTNET_STARTUP_HOOKS</c>
/// names this assembly.
/// </summary>
internal static class StartupHook
{
    /// <summary>
    /// Addresses in the libtorch_cpu.so of libtorch 2.10.0, which its SHA-256 identifies: an exported function, and the one that is not exported.
    /// </summary>
    private const int Exported = 0x1e28830, CacheSize = 0xfa22b40;

    private const int Page = 4096, ReadWriteExecute = 7, ReadExecute = 5;

    public static void Initialize()
    {
        if (AppContext.GetData("Conformance.TorchFolders") is not string folders)
            return; // another program than that with torch
        nint library = 0;
        foreach (var name in new[] { "libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so" })
            library = NativeLibrary.Load(Path.Combine(folders.Split(':')[0], name));
        var function = NativeLibrary.GetExport(library, "_ZN2at3cpu13L2_cache_sizeEv") - Exported + CacheSize;
        Protect(function, ReadWriteExecute);
        Marshal.Copy(new byte[] { 0xB8, 1, 0, 0, 0, 0xC3 }, 0, function, 6); // mov eax, 1; ret
        Protect(function, ReadExecute);
    }

    private static void Protect(nint address, int how)
    {
        if (MProtect(address & ~(Page - 1), 2 * Page, how) != 0)
            throw new InvalidOperationException("mprotect fails");
    }

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int MProtect(nint address, nint length, int protection);
}
