using Conformance.Tests.Examples;

namespace Conformance.Tests.Launcher;

/// <summary>
/// A root with the launcher in it, a space in its path, and a PATH of our own: the few tools that the launcher uses, and stand-ins for dotnet,
/// apt-get and id, which write down how they were called. Nothing of the real machine is changed.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private static readonly string[] Tools =
        [
            "sh", "dirname", "readlink", "find", "head", "tail", "grep", "cut", "tr",
            "mkdir", "cat", "mv", "cp", "rm", "sort", "mktemp", "env", "sleep"];

    private readonly string _base = Directory.CreateTempSubdirectory("conformance-launcher-").FullName;

    public Sandbox()
    {
        foreach (var directory in new[] { Bin, Elsewhere, InRoot("tools"), InRoot("engine") })
            Directory.CreateDirectory(directory);
        foreach (var tool in Tools)
            File.CreateSymbolicLink(Path.Combine(Bin, tool), Where(tool));
        foreach (var script in new[] { "conformance", "apt-install.sh" })
            File.Copy(Path.Combine(Repository.Root, "tools", script), InRoot("tools/" + script));
        Install("dotnet", """
            case $1 in
                --version) echo "${SDK-10.0.100}" ;;
                --list-sdks) echo "${SDK-10.0.100} [/usr/share/dotnet/sdk]" ;;
                restore) [ -z "${FEED-}" ] || { echo "p.csproj : error $FEED: no such package"; exit 1; } ;;
                build) echo "${BUILD_SAYS-}"; [ -z "${BUILD_FAILS-}" ] || exit 1; mkdir -p "${CLI%/*}" "${TORCH%/*}"; : >"$CLI"; : >"$TORCH" ;;
                *) echo "in $PWD:"; for word; do echo "[$word]"; done ;;
            esac
            """);
        Install("id", "echo ${USER_ID-0}");
        Install("dpkg", ":");
        Install("apt-get", "case \" $* \" in *' install '*) [ -z \"${APT_FAILS-}\" ] || { echo \"E: $APT_FAILS\"; exit 100; } ;; esac");
    }

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>A directory that is not the root.</summary>
    public string Elsewhere => Path.Combine(_base, "elsewhere");

    public string InRoot(string path) => Path.Combine(_base, "the root", path);

    /// <summary>Each call of a stand-in since the last run began: its name and arguments.</summary>
    public string[] Calls => File.Exists(CallLog) ? File.ReadAllLines(CallLog) : [];

    /// <summary>The calls that set something up: all but the question for the SDK's version and the command itself.</summary>
    public IEnumerable<string> SetUpCalls => Calls.Where(call => !call.StartsWith("dotnet --", StringComparison.Ordinal)
        && !call.Contains("/release/Conformance.Cli", StringComparison.Ordinal));

    public (int ExitCode, string Output, string[] Lines) Run(params string[] arguments) => RunAs(InRoot("tools/conformance"), arguments);

    public (int ExitCode, string Output, string[] Lines) RunAs(string launcher, params string[] arguments)
    {
        File.Delete(CallLog);
        var nothing = System.Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(name => name, _ => (string?)null);
        Dictionary<string, string?> environment = new(nothing)
        {
            ["PATH"] = Bin,
            ["HOME"] = _base,
            ["CALLS"] = CallLog,
            ["CLI"] = InRoot("artifacts/bin/Conformance.Cli/release/Conformance.Cli.dll"),
            ["TORCH"] = InRoot("artifacts/bin/Conformance.Cli.Torch/release/Conformance.Cli.Torch.dll"),
        };
        foreach (var (name, value) in Environment)
            environment[name] = value;
        var (exit, output, errors) = Programs.RunIn(
            Elsewhere, launcher, arguments, "", [.. environment.Select(variable => (variable.Key, variable.Value))]);
        return (exit, output, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Install(string name, string script)
    {
        var path = Path.Combine(Bin, name);
        File.WriteAllText(path, $"#!/bin/sh\necho \"{name} $*\" >>\"$CALLS\"\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Uninstall(string name) => File.Delete(Path.Combine(Bin, name));

    public void Dispose() => Directory.Delete(_base, recursive: true);

    private string Bin => Path.Combine(_base, "bin");

    private string CallLog => Path.Combine(_base, "calls");

    private static string Where(string tool) => File.Exists("/usr/bin/" + tool) ? "/usr/bin/" + tool : "/bin/" + tool;
}
