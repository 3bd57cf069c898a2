using Conformance.Oracle;
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
