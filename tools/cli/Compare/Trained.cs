namespace Conformance.Cli.Compare;

/// <summary>One training as far as it has come.</summary>
internal sealed class Trained(ITrainer trainer)
{
    public ITrainer Trainer { get; } = trainer;

    public List<EpochResults> Epochs { get; } = [];

    /// <summary>After the last epoch so far.</summary>
    public TestScores Last { get; set; } = new(0, []);
}
