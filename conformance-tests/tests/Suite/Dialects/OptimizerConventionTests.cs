using Conformance.Oracle;
using Conformance.Suite.Diagnosing;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>Optimisers as their own frameworks write them, in float32: the tolerance around a convention is one that an honest loop keeps.</summary>
public sealed class OptimizerConventionTests
{
    [Test]
    public void KerasSgd()
    {
        var engine = new Declaring(Keras).With(("sgd_velocity", "step"));
        var reports = Wrong.Questions("sgd").Select(question => Judge.Run(engine, question)).ToArray();

        Assert.That(reports.Where(report => report.Verdict.IsBad()).Select(FailureText.Render), Is.Empty);
        Assert.That(reports.Count(report => report.Verdict == Verdict.Dialect), Is.GreaterThan(5));
    }

    [TestCase("adam", "adam_correction", "none")]
    [TestCase("adamw", "adam_correction", "none")]
    [TestCase("adamw", "adamw_decay", "without_rate")]
    [TestCase("adamw", "adamw_decay", "after_step", "adam_eps", "before_correction")]
    [TestCase("adam", "adam_eps", "inside_root")]
    public void AdamElsewhere(string op, params string[] declared)
    {
        var conventions = declared.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        var engine = new Declaring(asked => Adam(asked, op == "adamw", conventions));
        var told = new List<(string Key, string Value)>();
        foreach (var _ in conventions) // each failure tells one more to declare, until nothing fails
        {
            var advice = string.Join('\n', Wrong.Causes(engine.With([.. told]), op).Select(Advice.Find));
            told.AddRange(conventions.Select(pair => (pair.Key, pair.Value)).Except(told)
                .Where(pair => advice.Contains($"\"{pair.Key}\": \"{pair.Value}\"", StringComparison.Ordinal)).Take(1).ToArray());
        }
        var reports = Wrong.Questions(op).Select(question => Judge.Run(engine.With([.. told]), question)).ToArray();

        Assert.That(told, Is.EquivalentTo(conventions.Select(pair => (pair.Key, pair.Value))));
        Assert.That(reports.Where(report => report.Verdict.IsBad()).Select(FailureText.Render), Is.Empty);
        Assert.That(reports.SelectMany(report => report.Acted).Distinct(), Is.EquivalentTo(conventions.Keys));
    }

    /// <summary>Without correction nothing is divided by 1 − β, so that an engine may take a beta of 1. Its numbers are judged.</summary>
    [TestCase(false, false, Verdict.Pass)]
    [TestCase(true, false, Verdict.Dialect)]
    [TestCase(true, true, Verdict.Fail)]
    public void ABetaOfOneWithoutCorrection(bool answers, bool isWrong, Verdict verdict)
    {
        var conventions = new Dictionary<string, string> { ["adam_correction"] = "none" };
        var engine = new Declaring(asked => Adam(asked with { Refused = answers ? null : asked.Refused }, false, conventions)
            .Select((_, tensor) => isWrong ? tensor.Select(value => value + 1) : tensor)).With(("adam_correction", "none"));
        var refused = Wrong.Questions("adam").Where(question => question.Case.Refused is not null).ToArray();

        Assert.That(refused.Select(question => Judge.Run(engine, question).Verdict), Is.Not.Empty.And.All.EqualTo(verdict));
        Assert.That(refused.Select(question => Judge.Run(new Declaring(engine.Run), question).Verdict),
            Is.All.EqualTo(answers ? Verdict.Fail : Verdict.Pass));
    }

    private static LayerResult Adam(LayerCase asked, bool decoupled, Dictionary<string, string> conventions)
    {
        if (asked.Refused is not null)
            throw new ArgumentException(asked.Refused);
        var (start, gradients) = (asked.Input("parameter"), asked.Input("gradients"));
        var (steps, elements) = (gradients.Shape[0], start.Length);
        var (rates, betas) = (asked.Attributes.Numbers("lr", steps), Array.ConvertAll(asked.Attributes.Numbers("betas", 2), beta => (float)beta));
        var (eps, decay) = ((float)asked.Attributes.Number("eps"), (float)asked.Attributes.Number("weight_decay"));
        string? correction = conventions.GetValueOrDefault("adam_correction"), place = conventions.GetValueOrDefault("adamw_decay");
        string? floor = conventions.GetValueOrDefault("adam_eps");
        double[][] rows = [new double[steps * elements], new double[steps * elements], new double[steps * elements]];
        for (var e = 0; e < elements; e++)
        {
            var (p, m, v) = ((float)start[e], 0f, 0f);
            for (var step = 0; step < steps; step++)
            {
                var (rate, g) = ((float)rates[step], (float)gradients[step * elements + e] + (decoupled ? 0 : decay * p));
                m = betas[0] * m + (1 - betas[0]) * g;
                v = betas[1] * v + (1 - betas[1]) * g * g;
                var (first, second) = correction == "none" ? (1f, 1f)
                    : (1 - MathF.Pow(betas[0], step + 1), 1 - MathF.Pow(betas[1], step + 1));
                var move = floor switch
                {
                    "before_correction" => rate * MathF.Sqrt(second) / first * m / (MathF.Sqrt(v) + eps),
                    "inside_root" => rate * (m / first) / MathF.Sqrt(v / second + eps),
                    _ => rate * (m / first) / (MathF.Sqrt(v / second) + eps),
                };
                if (!decoupled)
                    p -= move;
                else if (place == "without_rate")
                    p = p - move - decay * p;
                else if (place == "after_step")
                {
                    p -= move;
                    p -= rate * decay * p;
                }
                else
                    p = p - rate * decay * p - move;
                (rows[0][step * elements + e], rows[1][step * elements + e], rows[2][step * elements + e]) = (p, m, v);
            }
        }
        return new(
            new[] { "parameter", "exp_avg", "exp_avg_sq" }.Zip(rows)
                .ToDictionary(pair => pair.First, pair => new Tensor64([steps, elements], pair.Second)),
            new Dictionary<string, Tensor64>());
    }

    private static LayerResult Keras(LayerCase asked)
    {
        var (start, gradients) = (asked.Input("parameter"), asked.Input("gradients"));
        var (steps, elements) = (gradients.Shape[0], start.Length);
        var (rates, momentum, decay) =
            (asked.Attributes.Numbers("lr", steps), (float)asked.Attributes.Number("momentum"), (float)asked.Attributes.Number("weight_decay"));
        if (asked.Refused is not null)
            throw new ArgumentException(asked.Refused);
        if (momentum == 0)
            throw new NotSupportedException("momentum alone");
        var (parameters, buffers) = (new double[steps * elements], new double[steps * elements]);
        for (var e = 0; e < elements; e++)
        {
            var (p, v) = ((float)start[e], 0f);
            for (var step = 0; step < steps; step++)
            {
                var (rate, g) = ((float)rates[step], (float)gradients[step * elements + e] + decay * p);
                v = momentum * v - rate * g;
                p += asked.Attributes.Flag("nesterov") ? momentum * v - rate * g : v;
                (parameters[step * elements + e], buffers[step * elements + e]) = (p, v);
            }
        }
        return new(
            new Dictionary<string, Tensor64>
            {
                ["parameter"] = new([steps, elements], parameters),
                ["momentum_buffer"] = new([steps, elements], buffers)
            },
            new Dictionary<string, Tensor64>());
    }
}
