using Conformance.Oracle;
using Conformance.Suite.Fixtures;
using Conformance.Suite.Judging;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Reporting;

/// <summary>
/// A run that never changes, for the snapshot of every report. Its engine ignores the stride in the weight gradient of a convolution, throws in one
/// linear layer, and has no softmax. All its other answers are right.
/// </summary>
internal static class FixedRun
{
    private static readonly string[] Ids =
    [
        "conv2d/n1c1h5w7-o1-k3", "conv2d/n2c3h7w5-o4-k3x2-s2x1-p1x0", "conv2d/n2c2h5w5-o3-k2-s3-p1.0x0.0",
        "conv2d/n1c2h9w8-o3-k5x4-p2", "linear/n3-i5-o4", "linear/n4-i7-o2", "relu/n2c3h5w4", "softmax/n2c3",
    ];

    private static readonly Question[] Questions = [.. Ids.Select(id => Question.AnsweredByTheOracle(AllOperations.Draw(id)))];

    public static CheckReport Report { get; } = Check(new Engine("my engine", "no such size: 7"));

    /// <summary>Whose name and message try to become markup, a command, a formula or a terminal's order.</summary>
    public const string Nasty = "=<script>alert(1)</script> ]]> \"quoted\" 'too' & \u202Egnp.exe \e[31mred\a | `code` @someone ::error::\r\n%0A,:";

    public static CheckReport NastyReport { get; } = Check(new Engine(Nasty, Nasty));

    public static CheckReport RightReport { get; } = Check(new Engine("right", null, isRight: true));

    /// <summary>What the repository says its cases are there for; "n1c2h9w8…" stands in no file.</summary>
    public static IReadOnlyList<CaseFile> Aspects { get; } = Repository.Fixtures.CaseFiles();

    private static CheckReport Check(Engine engine)
    {
        CaseReport[] reports = [.. Questions.Select(question => Judge.Run(engine, question) with { Milliseconds = 1.25 })];
        return new Examiner([engine]).Report(reports, new string('a', 64), () => TimeSpan.FromSeconds(1.5), CancellationToken.None);
    }

    private sealed class Engine(string name, string? thrown, bool isRight = false) : ISubject
    {
        private readonly DefectSubject _convolution = new(AllOperations.DefectOf("conv2d.backward-weight-ignores-stride"));

        public string Name => name;

        public Declaration Declares { get; } =
            new() { Conventions = isRight ? new Dictionary<string, string>() : new() { ["batch_norm_momentum"] = "weighs_old" } };

        public LayerResult Run(LayerCase layerCase) => layerCase.Op switch
        {
            "softmax" => throw new NotSupportedException(isRight ? "no softmax yet" : $"no softmax: {thrown}"),
            "linear" when !isRight && layerCase.Id == "linear/n4-i7-o2" => throw new InvalidOperationException(thrown),
            "conv2d" when !isRight => _convolution.Run(layerCase),
            _ => AllOperations.Named(layerCase.Op).Evaluate(layerCase),
        };
    }
}
