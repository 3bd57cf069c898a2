using Conformance.Cli;
using Conformance.Engine.Tensors;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Torch;

namespace Conformance.Tests.Floors;

/// <summary>
/// A project's folders are floors: a file refers to files of its own folder and of folders below it, and no two files refer to each other.
/// </summary>
/// <param name="floors">From the ground up; "" is the project's own folder, and <c>*</c> any other one: those are one floor.</param>
[TestFixtureSource(nameof(Projects))]
internal sealed class FloorsTests(string project, Type type, string[] floors)
{
    private readonly FileReferences _references = new(project, type.Assembly);

    private static IEnumerable<TestFixtureData> Projects()
    {
        yield return Case(
            "engine", typeof(Tensor),
            "Files", "Tensors", "Kernels/Operations", "Kernels/Clear", "Kernels/Fast", "Kernels", "Passes", "Layers", "Networks",
            "Losses", "Optimizers", "Schedules", "Checkpoints", "Data", "Training");
        yield return Case(
            "conformance-tests/suite", typeof(ISubject),
            "Judging", "Fixtures", "Dialects", "Protocol", "Diagnosing/Patterns", "Diagnosing/Probing", "Diagnosing", "Gating", "Running",
            "Reporting/Text", "Reporting", "Reporting/Engines", "Reporting/Html", "Reporting/Files", "SelfChecking", "Views", "");
        yield return Case(
            "reference/oracle", typeof(Tensor64),
            "Cases", "Float32", "Bounds", "Defects", "Core", "Operations/Shared", "Operations/Shared/*", "Operations/*", "");
        yield return Case("reference/torch", typeof(TorchRuntime), "Loading", "Operations", "");
        yield return Case(
            "tools/cli", typeof(CommandLine),
            "Shared/Statistics", "Shared", "Shared/DataSets", "Predict", "Train", "Data", "Export", "Compare", "Fixtures", "SelfCheck", "Check", "");

        static TestFixtureData Case(string project, Type type, params string[] floors) =>
            new TestFixtureData(project, type, floors).SetArgDisplayNames(project);
    }

    [Test]
    public void AFolderNamesOnlyThoseBelow()
    {
        var above =
            from file in _references.Targets
            from target in file.Value
            where Array.IndexOf(floors, Floor(target)) > Array.IndexOf(floors, Floor(file.Key))
            orderby file.Key, target
            select $"{file.Key} names {target}";

        Assert.Multiple(() =>
        {
            Assert.That(_references.Targets.Keys.Select(Floor).Distinct(), Is.EquivalentTo(floors), "the floors are all the folders there are");
            Assert.That(string.Join('\n', above), Is.Empty, $"{project}: expected from the ground up {string.Join(", ", floors)}");
        });
    }

    [Test]
    public void NoFilesNameEachOther() =>
        Assert.That(string.Join('\n', _references.Circles().Select(circle => string.Join(", ", circle))), Is.Empty, project);

    private string Floor(string file)
    {
        string folder = Path.GetDirectoryName(file)!.Replace('\\', '/');
        string others = folder[..(folder.LastIndexOf('/') + 1)] + "*";
        return !floors.Contains(folder) && floors.Contains(others) ? others : folder;
    }
}
