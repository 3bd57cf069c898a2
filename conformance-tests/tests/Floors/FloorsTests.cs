using Conformance.Cli;
using Conformance.Engine.Tensors;
using Conformance.Oracle;
using Conformance.Suite.Judging;

namespace Conformance.Tests.Floors;

/// <summary>A project's folders are floors: a file names files of its own folder and of folders further down, and no two files name each other.</summary>
internal sealed class FloorsTests
{
    private static IEnumerable<TestCaseData> Projects()
    {
        yield return Case("engine", typeof(Tensor), "Tensors", "Kernels", "Kernels/Clear", "Kernels/Fast", "Layers", "Losses", "Optimizers", "Schedules", "Networks", "Data", "Checkpoints", "Training");
        yield return Case("conformance-tests/suite", typeof(ISubject), "Judging", "Fixtures", "Dialects", "Protocol", "Diagnosing", "Gating", "Reporting", "Running", "SelfChecking", "Views");
        yield return Case("reference/oracle", typeof(Tensor64), "", "Operations", "Plain");
        yield return Case("tools/cli", typeof(CommandLine), "Shared", "Data", "Train", "Predict", "Export", "Compare", "Fixtures", "SelfCheck", "Check", "");

        static TestCaseData Case(string project, Type type, params string[] floors) => new TestCaseData(project, type, floors).SetArgDisplayNames(project);
    }

    /// <param name="floors">From the ground up; "" is the project's own folder.</param>
    [TestCaseSource(nameof(Projects))]
    public void AFolderNamesOnlyThoseBelow(string project, Type type, string[] floors)
    {
        var references = new FileReferences(project, type.Assembly);
        var above =
            from file in references.Targets
            from target in file.Value
            let floor = Folder(file.Key)
            let other = Folder(target)
            where Array.IndexOf(floors, other) > Array.IndexOf(floors, floor)
            orderby file.Key, target
            select $"{file.Key} names {target}";

        Assert.Multiple(() =>
        {
            Assert.That(references.Targets.Keys.Select(Folder).Distinct(), Is.EquivalentTo(floors), "the floors are all the folders there are");
            Assert.That(string.Join('\n', above), Is.Empty, $"{project}: expected from the ground up {string.Join(", ", floors)}");
        });
    }

    [TestCaseSource(nameof(Projects))]
    public void NoFilesNameEachOther(string project, Type type, string[] floors) =>
        Assert.That(string.Join('\n', new FileReferences(project, type.Assembly).Circles().Select(circle => string.Join(", ", circle))), Is.Empty, project);

    private static string Folder(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/');
}
