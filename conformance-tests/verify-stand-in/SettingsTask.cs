using System.Diagnostics.Contracts;
using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>Where the snapshot of one comparison is.</summary>
public class VerifySettings
{
    internal string? Directory { get; set; }

    internal string? MethodName { get; set; }

    internal VerifySettings Copy() => (VerifySettings)MemberwiseClone();
}

/// <summary>A comparison that starts when it is awaited, so that its settings can be given before.</summary>
public class SettingsTask
{
    private readonly VerifySettings _settings;
    private readonly Func<VerifySettings, Task<VerifyResult>> _compare;
    private Task<VerifyResult>? _task;

    internal SettingsTask(VerifySettings? settings, Func<VerifySettings, Task<VerifyResult>> compare) =>
        (_settings, _compare) = (settings?.Copy() ?? new(), compare);

    /// <param name="directory">Relative to the test's source file.</param>
    [Pure]
    public SettingsTask UseDirectory(string directory)
    {
        _settings.Directory = directory;
        return this;
    }

    /// <param name="name">In the method's place in the file's name.</param>
    [Pure]
    public SettingsTask UseMethodName(string name)
    {
        _settings.MethodName = name;
        return this;
    }

    public Task<VerifyResult> ToTask() => _task ??= _compare(_settings);

    public TaskAwaiter<VerifyResult> GetAwaiter() => ToTask().GetAwaiter();

    [Pure]
    public static implicit operator Task<VerifyResult>(SettingsTask settingsTask) => settingsTask.ToTask();
}

/// <summary>A comparison that found the approved text.</summary>
public class VerifyResult
{
    internal VerifyResult()
    {
    }
}
