using Conformance.Oracle;
using Conformance.Suite.Dialects;
using Conformance.Suite.Judging;
using Conformance.Suite.Reporting.Text;
using Conformance.Suite.Running;
using Conformance.Tests.Suite.Diagnosing;

namespace Conformance.Tests.Suite.Dialects;

/// <summary>Which of the declared conventions made a difference: case by case, and in the report.</summary>
public sealed class ActedTests
{
    private static readonly OracleSubject Right = new(Summation.Sequential);

    /// <summary>A right engine that only says that it has a convention: it acts on the cases alone that it changes.</summary>
    [TestCase("max_pool_ties", "split", "max_pool2d/n1c1h4w4-k2-constant", "max_pool2d/n1c1h4w4-k2-address")]
    [TestCase("max_pool_nan", "ignored", "max_pool2d/n2c3h6w5-k2-special", "max_pool2d/n1c1h4w4-k2")]
    [TestCase("relu_at_zero", "open", "leaky_relu/n2c3h4w5", "tanh/n2c3")]
    [TestCase("label_smoothing", "others", "cross_entropy/n5c4-mean-l0.1", "cross_entropy/n5c4-mean")]
    [TestCase("class_weight_mean", "rows", "nll_loss/n5c4-mean-weighted", "nll_loss/n5c4-sum-weighted")]
    [TestCase("loss_of_nothing", "zero", "cross_entropy/n5c4-mean-allignored", "cross_entropy/n5c4-mean-ignored")]
    [TestCase("layout", "NHWC", "batch_norm1d/n3c4l6", "batch_norm1d/n5c4")]
    [TestCase("layout", "NHWC", "conv2d/n1c2h5w4-o3-k2", "flatten/n2c3h4w5")]
    [TestCase("padding", "named", "conv2d/n1c2h5w4-o3-k3-p1", "linear/n3-i5-o4")]
    [TestCase("batch", "none", "relu/n5c7", "sgd/t3-e4")]
    [TestCase("backward", "updates", "linear/n3-i5-o4", "relu/n5c7")]
    public void AConventionActsWhereItChangesTheQuestionOrItsAnswer(string name, string value, string acts, string idle)
    {
        var engine = new Declaring(asked => Right.Run(asked)).With((name, value));

        Assert.That(Acted(engine, acts), Is.EqualTo(new[] { name }));
        Assert.That(Acted(engine, idle), Is.Empty);
    }

    /// <summary>Of several, each acts where the others alone give another answer.</summary>
    [Test]
    public void OfSeveralEachIsSeenByItself()
    {
        var engine = new Declaring(Right.Run).With(("label_smoothing", "others"), ("class_weight_mean", "rows"), ("loss_reduction", "sum"));

        Assert.That(Acted(engine, "cross_entropy/n5c4-mean-l0.1"), Is.EqualTo(new[] { "loss_reduction", "label_smoothing" }));
        Assert.That(Acted(engine, "cross_entropy/n5c4-sum-l0.1"), Is.EqualTo(new[] { "label_smoothing" }));
        Assert.That(Acted(engine, "cross_entropy/n5c4-sum-weighted"), Is.Empty);
    }

    /// <summary>Conventions of one term go together: every maximum of the numbers gets the gradient, and no NaN does.</summary>
    [Test]
    public void TiesAndNaNGoTogether()
    {
        var asked = AllOperations.Draw("max_pool2d/n1c1h1w3-k1x3") with
        {
            Inputs = new Dictionary<string, Tensor64> { ["input"] = new([1, 1, 1, 3], [double.NaN, 2, 2]) },
            Cotangents = new Dictionary<string, Tensor64> { ["output"] = new([1, 1, 1, 1], [3]) },
        };
        var declared = new Declaration
        {
            Conventions = new Dictionary<string, string> { ["max_pool_nan"] = "ignored", ["max_pool_ties"] = "all" }
        };
        var meant = Dialect.FromDeclaration(declared).AsMeant(Conformance.Suite.Judging.Question.AnsweredByTheOracle(asked));

        Assert.That(meant.Expected.Outputs["output"].Data.ToArray(), Is.EqualTo(new[] { 2.0 }));
        Assert.That(meant.Expected.Gradients["input"].Data.ToArray(), Is.EqualTo(new[] { 0.0, 3, 3 }));
        Assert.That(meant.Meaning!.Acted, Is.EqualTo(new[] { "max_pool_ties", "max_pool_nan" }));
    }

    [Test]
    public void TheReportSaysWhichMadeADifference()
    {
        var engine = new Declaring(Right.Run).With(("max_pool_ties", "split"), ("relu_at_zero", "open"));
        var reports = new[] { "max_pool2d/n1c1h4w4-k2-constant", "tanh/n2c3" }.Select(Question).Select(question => Judge.Run(engine, question));
        var check = new Examiner([engine]).Report([.. reports], "", () => TimeSpan.Zero, CancellationToken.None);

        Assert.That(CheckText.Conventions(check), Is.EqualTo(new[]
        {
            "declared, and judged under it: max_pool_ties = split",
            "declared, and of no effect on these cases: relu_at_zero = open",
        }));
    }

    /// <summary>
    /// A convention covers each operation that has the like mistake: of one name (<c>relu.open-at-zero</c>, <c>leaky_relu.open-at-zero</c>).
    /// </summary>
    [Test]
    public void AConventionCoversEachOperationThatItSpeaksOf() => Bulk.Check(
        Conventions.All.OfType<MeantMistake>(), one => one.Declared, one =>
        {
            var names = one.Mistakes.Select(id => id.Split('.')[1]).ToHashSet();
            var others = AllOperations.Names.Where(op => !one.Operations.Contains(op)).SelectMany(op => AllOperations.Named(op).Defects)
                .Where(defect => names.Contains(defect.Id.Split('.')[1]) && !OfAnotherKind.Contains(defect.Id)).Select(defect => defect.Id).ToArray();
            return others.Length == 0 ? null : $"not covered: {string.Join(", ", others)}";
        });

    /// <summary>Mistakes that only share their name with a convention of another operation.</summary>
    private static readonly string[] OfAnotherKind =
    [
        "sgd.decay-without-the-rate", "sgd.decay-after-the-step", // SGD's own decay is in the gradient
        "tanh.clipped", "sigmoid.clipped", "softmax.clipped", // Keras clips in its loss
        "adam.decay-without-the-rate", "adam.decay-after-the-step", // as adamw's, and adam's decay is in the gradient
    ];

    /// <summary>Each mistake that is a convention elsewhere can be declared.</summary>
    [Test]
    public void WhatIsAConventionElsewhereCanBeDeclared()
    {
        var declared = Conventions.All.SelectMany(one => one.Mistakes).Concat(NoConventions.Keys).ToHashSet();

        Assert.That(
            AllOperations.Names.SelectMany(op => AllOperations.Named(op).Defects)
                .Where(defect => defect.Seen.ToString().StartsWith("a convention elsewhere", StringComparison.Ordinal)).Select(defect => defect.Id),
            Is.SubsetOf(declared));
    }

    /// <summary>What a framework does, and why nobody can mean it here.</summary>
    private static readonly Dictionary<string, string> NoConventions = new()
    {
        ["flatten.channels-last"] = "of whole images it is flatten_order; other axes have no such order",
        ["flatten.features-first"] = "a batch's columns are another shape of the whole network",
        ["linear.input-transposed"] = "a batch's columns are another shape of the whole network",
        ["leaky_relu.slope-of-a-fifth"] = "a default, and the question has its own slope",
        ["leaky_relu.slope-of-three-tenths"] = "a default, and the question has its own slope",
        ["batch_norm1d.eps-of-keras"] = "a default, and the question has its own eps",
        ["batch_norm2d.eps-of-keras"] = "a default, and the question has its own eps",
        ["batch_norm1d.eval-variance-corrected-again"] = "it needs the size of the training's batch, which evaluation does not have",
        ["batch_norm2d.eval-variance-corrected-again"] = "it needs the size of the training's batch, which evaluation does not have",
        ["conv2d.weight-in-out-swapped"] = "the weight of another operation: conv_transpose2d",
        ["conv2d.kernel-column-major"] = "bytes that are read in the wrong order; the protocol has shapes",
        ["dropout.mask-of-the-plane"] = "another operation: Dropout2d",
        ["sigmoid.hard"] = "another function: hard_sigmoid",
    };

    private static IReadOnlyList<string> Acted(ISubject engine, string id) => Judge.Run(engine, Question(id)).Acted;

    private static Question Question(string id) => Conformance.Suite.Judging.Question.AnsweredByTheOracle(AllOperations.Draw(id));
}
