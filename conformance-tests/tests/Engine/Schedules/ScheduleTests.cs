using System.Text.Json;
using Conformance.Engine.Optimizers;
using Conformance.Engine.Schedules;

namespace Conformance.Tests.Engine.Schedules;

/// <summary>The schedules against what PyTorch's did, step by step (<c>fixtures/schedules.trace.json</c>).</summary>
public sealed class ScheduleTests
{
    private static readonly JsonElement Trace =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "fixtures/schedules.trace.json"))).RootElement;

    private static IEnumerable<TestCaseData> Cases() => Trace.GetProperty("cases").EnumerateArray().Select(
        each =>
            new TestCaseData(each).SetArgDisplayNames($"{each.GetProperty("scheduler").GetString()} {each.GetProperty("arguments").GetRawText()}"));

    [TestCaseSource(nameof(Cases))]
    public void EveryStepIsThatOfPyTorch(JsonElement trace)
    {
        var schedule = Create(trace.GetProperty("scheduler").GetString()!, trace.GetProperty("arguments"), trace.GetProperty("lr").GetDouble());
        double[] rates = Numbers(trace, "rates"), momenta = Numbers(trace, "momenta");
        var sgd = new Sgd([], 1, momenta[0] == 0.9 ? 0.9 : 0.1);
        for (var step = 0; step < rates.Length; step++)
        {
            schedule.Apply(sgd, step);
            // PyTorch multiplies its way from step to step, so that its own roundings add up; near 0 those of the largest rate stay.
            Assert.That(
                schedule.LearningRate(step),
                Is.EqualTo(rates[step]).Within(1e-13 * rates.Max()).Or.EqualTo(rates[step]).Within(1e-12).Percent,
                $"rate of step {step}");
            Assert.That(sgd.Momentum, Is.EqualTo(momenta[step]).Within(1e-14), $"momentum of step {step}");
            Assert.That(sgd.LearningRate, Is.EqualTo(schedule.LearningRate(step)));
        }
    }

    [Test]
    public void TheTraceCoversEverySchedule() => Assert.That(
        Trace.GetProperty("cases").EnumerateArray().Select(each => each.GetProperty("scheduler").GetString()).Distinct(),
        Is.EquivalentTo(new[] { "StepLR", "CosineAnnealingLR", "OneCycleLR", "LinearLR", "SequentialLR" }));

    [Test]
    public void AWarmUpBeforeOneCycleHasItsFirstMomentum()
    {
        var cycle = new OneCycleSchedule(0.1, 10);
        var warm = new LinearWarmup(4, cycle, 0.5);
        Assert.That(warm.LearningRate(0), Is.EqualTo(cycle.LearningRate(0) / 2));
        Assert.That(warm.LearningRate(3), Is.LessThan(cycle.LearningRate(0)));
        Assert.That((warm.Momentum(0), warm.Momentum(3), warm.Momentum(8)), Is.EqualTo((cycle.Momentum(0), cycle.Momentum(0), cycle.Momentum(4))));
        Assert.That((warm.LearningRate(4), warm.LearningRate(13)), Is.EqualTo((cycle.LearningRate(0), cycle.LearningRate(9))));
    }

    [Test]
    public void ACycleOfTheMomentumIsOneOfBeta1ForAdam()
    {
        var adam = new Adam([]);
        new CosineSchedule(0.1, 10).Apply(adam, 5);
        Assert.That(adam.LearningRate, Is.EqualTo(0.05).Within(1e-15));
        var cycle = new OneCycleSchedule(0.1, 10);
        cycle.Apply(adam, 2);
        Assert.That(
            (adam.LearningRate, adam.Beta1),
            Is.EqualTo((cycle.LearningRate(2), cycle.Momentum(2)!.Value)),
            "PyTorch cycles beta1 where there is no momentum");
        new OneCycleSchedule(0.1, 10, cycleMomentum: false).Apply(adam, 0);
        Assert.That(adam.LearningRate, Is.EqualTo(0.004).Within(1e-15));
    }

    [Test]
    public void AStepAllocatesNothing()
    {
        Schedule[] schedules =
            [new StepSchedule(1, 2), new CosineSchedule(1, 5), new OneCycleSchedule(1, 50), new LinearWarmup(9, new OneCycleSchedule(1, 41))];
        var sgd = new Sgd([], 1, 0.9);
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < 50; step++)
                foreach (var schedule in schedules)
                    schedule.Apply(sgd, step);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated();
        Assert.That(Allocated(), Is.Zero);
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        TestCaseData Case(Func<object> action, string message) => new TestCaseData(action, message).SetArgDisplayNames(message);
        return
        [
            Case(() => new StepSchedule(-1, 2), "schedule: expected a finite learningRate of 0 or more, got -1"),
            Case(() => new StepSchedule(1, 0), "schedule: expected stepSize of 1 or more, got 0"),
            Case(() => new StepSchedule(1, 2, double.NaN), "schedule: expected a finite gamma of 0 or more, got NaN"),
            Case(() => new StepSchedule(1, 2).LearningRate(-1), "schedule: expected step of 0 or more, got -1"),
            Case(() => new CosineSchedule(1, 0), "schedule: expected steps of 1 or more, got 0"),
            Case(() => new CosineSchedule(1, 2, -3), "schedule: expected a finite minimum of 0 or more, got -3"),
            Case(() => new OneCycleSchedule(1, 0), "schedule: expected totalSteps of 1 or more, got 0"),
            Case(() => new OneCycleSchedule(1, 9, 1.5), "schedule: expected a risingShare from 0 to 1, got 1.5"),
            Case(
                () => new OneCycleSchedule(1, 9, 0.75, threePhase: true),
                "schedule: expected a risingShare of at most 0.5 with three phases, got 0.75"),
            Case(() => new OneCycleSchedule(1, 9, baseMomentum: -1), "schedule: expected a baseMomentum from 0 to 1, got -1"),
            Case(() => new OneCycleSchedule(1, 9, maxMomentum: 2), "schedule: expected a maxMomentum from 0 to 1, got 2"),
            Case(() => new OneCycleSchedule(1, 9, divFactor: 0), "schedule: expected a finite divFactor above 0, got 0"),
            Case(() => new OneCycleSchedule(1, 9).LearningRate(9), "schedule: expected a step below 9, got 9"),
            Case(() => new LinearWarmup(-1, 0.1), "schedule: expected steps of 0 or more, got -1"),
            Case(() => new LinearWarmup(1, 0.1, 2), "schedule: expected a startFactor from 0 to 1, got 2"),
            Case(() => new LinearWarmup(3, 0.1).Momentum(-2) ?? 0, "schedule: expected step of 0 or more, got -2"),
        ];
    }

    [TestCaseSource(nameof(Wrong))]
    public void Refuses(Func<object> action, string message) =>
        Assert.That(() => action(), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));

    private static Schedule Create(string scheduler, JsonElement arguments, double lr) => scheduler switch
    {
        "StepLR" => new StepSchedule(lr, Int(arguments, "step_size"), Number(arguments, "gamma", 0.1)),
        "CosineAnnealingLR" => new CosineSchedule(lr, Int(arguments, "T_max"), Number(arguments, "eta_min", 0)),
        "LinearLR" => new LinearWarmup(Int(arguments, "total_iters"), lr, Number(arguments, "start_factor", 1.0 / 3)),
        "SequentialLR" => new LinearWarmup(
            Int(arguments, "warmup_steps"),
            Create(arguments.GetProperty("then").GetProperty("scheduler").GetString()!, arguments.GetProperty("then").GetProperty("arguments"), lr),
            Number(arguments, "start_factor", 1.0 / 3)),
        "OneCycleLR" => new OneCycleSchedule(
            Number(arguments, "max_lr", 0), Int(arguments, "total_steps"), Number(arguments, "pct_start", 0.3),
            arguments.TryGetProperty("anneal_strategy", out var strategy) && strategy.GetString() == "linear"
                ? AnnealStrategy.Linear
                : AnnealStrategy.Cosine,
            !arguments.TryGetProperty("cycle_momentum", out var cycles) || cycles.GetBoolean(),
            Number(arguments, "base_momentum", 0.85), Number(arguments, "max_momentum", 0.95),
            Number(arguments, "div_factor", 25), Number(arguments, "final_div_factor", 1e4),
            arguments.TryGetProperty("three_phase", out var three) && three.GetBoolean()),
        _ => throw new ArgumentException($"no schedule stands for {scheduler}"),
    };

    private static int Int(JsonElement arguments, string name) => arguments.GetProperty(name).GetInt32();

    private static double Number(JsonElement arguments, string name, double otherwise) =>
        arguments.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;

    private static double[] Numbers(JsonElement trace, string name) =>
        [.. trace.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
