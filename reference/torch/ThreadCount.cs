using TorchSharp;

namespace Conformance.Torch;

/// <summary>Sets torch's number of threads until disposed.</summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int _previous = torch.get_num_threads();

    public ThreadCount(int count) => torch.set_num_threads(count);

    public void Dispose() => torch.set_num_threads(_previous);
}
