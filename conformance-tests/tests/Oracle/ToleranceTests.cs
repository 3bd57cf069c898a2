using System.Globalization;
using Conformance.Oracle;
using Conformance.Suite.Judging;
using Conformance.Torch;
using FsCheck;
using FsCheck.Fluent;
using Fill = Conformance.Oracle.Fill;

namespace Conformance.Tests.Oracle;

/// <summary>
/// The proof of the computed tolerance (<see cref="ErrorBound"/>): engines that are right and round as float32 does never fail, whatever the order of
/// their sums; one that loses a single average product does, up to K = 5,000 terms.
/// <para><c>CONFORMANCE_TRIALS</c> sets how many tensors are drawn; a million is for once.</para>
/// </summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class ToleranceTests
{
    private const int MostTerms = 5000;
    private const int Lanes = 16;

    private static int Trials =>
        int.TryParse(Environment.GetEnvironmentVariable("CONFORMANCE_TRIALS"), CultureInfo.InvariantCulture, out var trials) ? trials : 4000;

    /// <summary>Every run draws the same.</summary>
    private static readonly Replay Same = new(new Rnd(20, 21), null);

    /// <summary>How right engines sum products of float32 in float32.</summary>
    private static readonly (string Name, Func<float[], float[], float> Sum)[] Engines =
        [("sequential", Sequential), ("reversed", Reversed), ("pairwise", (x, w) => Pairwise(x, w)), ("blocked", Blocked), ("fused", Fused)];

    /// <summary>
    /// How a tensor is drawn: the number of sums, the terms of each, whether the terms have both signs, and the seed of the numbers.
    /// </summary>
    private static readonly Arbitrary<(int Sums, int Terms, bool Signed, int Seed)> Draws = (
        from sums in Gen.Elements(1, 3, 8, 16)
        from most in Gen.Elements(10, 150, 1000, MostTerms)
        from terms in Gen.Choose(1, most)
        from signed in Gen.Elements(true, false)
        from seed in Gen.Choose(0, int.MaxValue)
        select (sums, terms, signed, seed)).ToArbitrary();

    [Test]
    public void RightEnginesNeverFailAndTheLossOfAnAverageTapAlwaysDoes()
    {
        var worst = Engines.ToDictionary(engine => engine.Name, _ => (Error: 0.0, Spread: 0.0));
        var least = double.PositiveInfinity;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Trials).WithReplay(Same), Prop.ForAll(Draws, draw =>
        {
            var sums = Enumerable.Range(0, draw.Sums).Select(number => Products.Draw(draw.Terms, draw.Signed, $"{draw.Seed}/{number}")).ToArray();
            var right = Tensor(sums.Select(sum => sum.Right));
            var (magnitudes, terms) = (Tensor(sums.Select(sum => sum.Magnitude)), Tensor(sums.Select(_ => (double)draw.Terms)));
            var bound = ErrorBound.Accumulated(magnitudes, terms, picked: false);
            var spread = ErrorBound.SpreadOf(magnitudes, terms);
            foreach (var (name, sum) in Engines)
            {
                var answer = Tensor(sums.Select(products => (double)sum(products.X, products.W)));
                var error = Enumerable.Range(0, draw.Sums).Max(i => Math.Abs(answer[i] - right[i]) / bound[i]);
                if (!(error <= 1) || spread.Problem(right, answer) is not null)
                    return false.Label($"a false alarm: {name}, {error} of the bound, {spread.Problem(right, answer)}");
                worst[name] = (Math.Max(worst[name].Error, error), Math.Max(worst[name].Spread, spread.Rms(right, answer)));
                // The answer without the product that is nearest to the average one.
                var lost = Math.Abs(answer[0] - sums[0].Average - right[0]) / bound[0];
                if (!(lost > 1))
                    return false.Label($"a miss: {name} without one product of {draw.Terms} is off by {lost} of the bound");
                least = Math.Min(least, lost);
            }
            return true.ToProperty();
        }));
        foreach (var (name, (error, rms)) in worst)
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: no false alarm in {Trials} tensors; largest error {error:F3} of the bound, largest spread {rms:F3} of its limit"));
        TestContext.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"a lost average product is off by {least:F1} times the bound or more"));
    }

    /// <summary>What <see cref="ErrorBound"/> states: an average product, B/K, in units of u·B·T(K).</summary>
    [TestCase(9, 169_467)]
    [TestCase(400, 499)]
    [TestCase(1152, 104)]
    [TestCase(5000, 11.7)]
    [TestCase(5554, 10)]
    [TestCase(25_901, 1)]
    [TestCase(36_864, 0.59)]
    public void TheLossOfAnAverageTapIsThisManyTimesTheBound(int terms, double times) =>
        Assert.That(1 / (ErrorBound.U * terms * ErrorBound.Roundings(terms)), Is.EqualTo(times).Within(1).Percent);

    /// <summary>libtorch's own float32, in whatever order its kernels sum: every case of fractions, with twenty fills.</summary>
    [Test]
    [NonParallelizable]
    public void Float32LibtorchNeverFails()
    {
        LiveTorch.RequireFloat32();
        var (torch, worst) = (new TorchOracle(float32: true), 0.0);
        var entries = Repository.CasesOf("conv2d").Concat(Repository.CasesOf("linear"));
        foreach (var entry in entries.Where(entry => entry.Draw().Tier == Tier.Bounded))
            for (var seed = 1UL; seed <= 20; seed++)
            {
                var question = Question.AnsweredByTheOracle(entry.Draw(seed));
                var tensors = Comparison.Compare(question.Expected, torch.Evaluate(question.Case), question.Bound);
                Assert.That(tensors.Where(tensor => !tensor.Passes), Is.Empty, $"{entry.Id}, seed {seed}");
                worst = Math.Max(worst, tensors.Max(tensor => tensor.Worst));
            }
        Assert.That(worst, Is.InRange(double.Epsilon, 1)); // it rounds: what never errs would prove nothing
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest error {worst:F3} of the bound"));
    }

    private static Tensor64 Tensor(IEnumerable<double> values) => values.ToArray() switch { var data => new([data.Length], data) };

    private static float Sequential(float[] x, float[] w)
    {
        var sum = 0f;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * w[i];
        return sum;
    }

    private static float Reversed(float[] x, float[] w)
    {
        var sum = 0f;
        for (var i = x.Length - 1; i >= 0; i--)
            sum += x[i] * w[i];
        return sum;
    }

    private static float Fused(float[] x, float[] w)
    {
        var sum = 0f;
        for (var i = 0; i < x.Length; i++)
            sum = float.FusedMultiplyAdd(x[i], w[i], sum);
        return sum;
    }

    /// <summary>Halves, down to single products.</summary>
    private static float Pairwise(ReadOnlySpan<float> x, ReadOnlySpan<float> w) => x.Length switch
    {
        1 => x[0] * w[0],
        var length => Pairwise(x[..(length / 2)], w[..(length / 2)]) + Pairwise(x[(length / 2)..], w[(length / 2)..]),
    };

    /// <summary>A sum in each of sixteen lanes, as vector code has them, then the lanes.</summary>
    private static float Blocked(float[] x, float[] w)
    {
        Span<float> lanes = stackalloc float[Lanes];
        for (var i = 0; i < x.Length; i++)
            lanes[i % Lanes] += x[i] * w[i];
        var sum = 0f;
        foreach (var lane in lanes)
            sum += lane;
        return sum;
    }

    /// <summary>The products of one sum.</summary>
    /// <param name="Right">Their sum in float64.</param>
    /// <param name="Magnitude">B, the sum of their absolute values.</param>
    /// <param name="Average">The one whose absolute value is nearest to the average.</param>
    private sealed record Products(float[] X, float[] W, double Right, double Magnitude, double Average)
    {
        public static Products Draw(int terms, bool signed, string name)
        {
            var (x, w) = (Floats("input", 5), Floats("weight", 4));
            var (right, magnitude, average) = (0.0, 0.0, 0.0);
            for (var i = 0; i < terms; i++)
                (right, magnitude) = (right + (double)x[i] * w[i], magnitude + Math.Abs((double)x[i] * w[i]));
            var nearest = double.PositiveInfinity;
            for (var i = 0; i < terms; i++)
                if (Math.Abs(Math.Abs((double)x[i] * w[i]) - magnitude / terms) is var distance && distance < nearest)
                    (nearest, average) = (distance, (double)x[i] * w[i]);
            return new(x, w, right, magnitude, average);

            float[] Floats(string tensor, double most)
            {
                var numbers = new Fill(1, name, tensor).Uniform(most, terms);
                var floats = new float[terms];
                for (var i = 0; i < terms; i++)
                    floats[i] = signed ? (float)numbers[i] : (float)Math.Abs(numbers[i]);
                return floats;
            }
        }
    }
}
