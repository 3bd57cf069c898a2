using System.Globalization;
using System.Xml.Linq;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;
using Conformance.Cli.Train;
using Conformance.Engine.Data;
using Conformance.Tests.Cli.Compare;
using Conformance.Tests.Cli.Shared;

namespace Conformance.Tests.Cli.Data;

/// <summary><c>data --preview</c>: the page shows the very pixels and labels that a training by the preset sees.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DataPreviewTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public DataPreviewTests() => IdxFiles.WriteVariedSet(_directory.Path, trainImages: 200, testImages: 10);

    public void Dispose() => _directory.Dispose();

    [Test]
    public void ThePicturesAreThoseThatTheBatchesHave()
    {
        var page = Preview("--seed", "7");
        var train = ImageSet.Load(_directory.File("train-images-idx3-ubyte"), _directory.File("train-labels-idx1-ubyte"));
        var order = Enumerable.Range(0, train.Count).ToArray();
        var preparation = new BatchPreparation(train, Preset.Resolve("lenet-augmented").Augmentation!, seed: 7, ahead: 1);

        var epochs = Strips(page, "epochs");
        Assert.That(epochs.Select(strip => strip.Length), Is.EqualTo(Enumerable.Repeat(9, 10)));
        Assert.That(epochs.SelectMany(strip => strip.Skip(1)).Select(Convert.ToHexString), Is.Unique);
        for (int epoch = 0; epoch < 8; epoch++)
        {
            preparation.Begin(order, epoch, 0, train.Count, train.Count);
            var batch = preparation.Take().Images!.ToArray();
            for (int label = 0; label < 10; label++) // image n has label n
            {
                Assert.That(epochs[label][0], Is.EqualTo(train.Image(label).ToArray()));
                Assert.That(
                    epochs[label][epoch + 1].Select(Normalization.FromByte),
                    Is.EqualTo(batch.Skip(label * 784).Take(784)).Within(0.5 / 255 / 0.3081 + 1e-5),
                    $"class {label}, epoch {epoch}");
            }
        }

        var pairs = Strips(page, "pairs");
        Assert.That(pairs.Select(strip => strip.Length), Is.EqualTo(Enumerable.Repeat(16, 10)));
        for (int label = 0; label < 10; label++)
            for (int i = 0; i < 8; i++)
                Assert.That(pairs[label][2 * i], Is.EqualTo(train.Image(10 * i + label).ToArray()));
        Assert.That(pairs.Select(strip => strip[1]), Is.EqualTo(epochs.Select(strip => strip[1])));
    }

    [Test]
    public void WrongLabelsAreThoseThatTrainingIsGiven()
    {
        var page = Preview("--preset", "lenet-label-noise");
        var data = TrainingData.Load(OwnFiles.Locate([_directory.Path]), null, 0, [1, 28, 28]);
        var trained = data.Spoil(Preset.Resolve("lenet-label-noise").Corruption, 1).Train.Labels.ToArray();
        string[] expected = [.. from label in Enumerable.Range(0, 10) from i in Enumerable.Range(0, 8) select 10 * i + label into image
                                select trained[image] == image % 10 ? $"{image % 10}" : $"{image % 10} → {trained[image]}"];
        var captions = page.Descendants("div").Where(div => (string?)div.Attribute("class") == "strip pairs")
            .Descendants("figcaption").Select(caption => caption.Value).ToArray();
        Assert.That(captions, Is.EqualTo(expected));
        int changed = page.Descendants("figure").Count(figure => (string?)figure.Attribute("class") == "changed");
        Assert.That(captions.Count(caption => caption.Contains('→', StringComparison.Ordinal)), Is.InRange(5, 35).And.EqualTo(changed));
        Assert.That(page.Root!.Value, Does.Contain("each with a probability of 20 % replaced by one of the nine others"));
    }

    [Test]
    public void WithoutAugmentationNothingIsChanged()
    {
        var page = Preview("--preset", "lenet-plain");
        Assert.That(Strips(page, "epochs").Select(strip => strip.Select(Convert.ToHexString).Distinct().Count()), Is.All.EqualTo(1));
        Assert.That(page.Descendants("dd").Select(element => element.Value).Take(2), Is.EqualTo(new[] { "as it is", "as they are" }));
    }

    [Test]
    public void ItNeedsNothingFromAnywhere()
    {
        var page = Preview("--set", "fashion-mnist");
        Assert.That(page.Descendants("img").Select(image => image.Attribute("src")!.Value), Is.All.StartsWith("data:image/png;base64,"));
        Assert.That(page.Descendants().Attributes("href"), Is.Empty);
        Assert.That(page.Descendants("h3").Last().Value, Is.EqualTo("9 Ankle boot"), "the names of the set");
        Assert.That(
            page.Descendants("dd").First().Value,
            Is.EqualTo("turned by up to ±11.5°, scaled by up to ±12 %, sheared by up to ±0.15, shifted by up to ±2 pixels each way"));
    }

    [TestCase("--preset lenet-plain", "--preset: expected --preview with it")]
    [TestCase("--seed 3", "--seed: expected --preview with it")]
    [TestCase("--preview page.html --preset nope", "--preset: expected a name (")]
    [TestCase("--preview folder/", "--preview folder/: expected the name of a file")]
    [TestCase("--preview {0}", "but a directory is in its place")]
    public void WhatIsWrongIsSaidInALine(string arguments, string message)
    {
        var (exit, _, error) = Data(string.Format(CultureInfo.InvariantCulture, arguments, _directory.Path).Split(' '));
        Assert.That((exit, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(error, Does.Contain(message));
    }

    private XDocument Preview(params string[] args)
    {
        var path = _directory.File("pages/preview.html");
        var (exit, output, error) = Data(["--preview", path, .. args]);
        Assert.That(exit, Is.Zero, error);
        Assert.That(output, Does.Contain(path));
        return Pages.Parse(File.ReadAllText(path));
    }

    private (int ExitCode, string Out, string Error) Data(params string[] args) =>
        Shell.Run(new FakeSides(), ["data", "--data", _directory.Path, "--out", _directory.File("out"), .. args]);

    /// <summary>The pixels of each picture in each strip of a kind.</summary>
    private static byte[][][] Strips(XDocument page, string kind) =>
        [.. page.Descendants("div").Where(div => (string?)div.Attribute("class") == $"strip {kind}").Select(div => div.Descendants("img")
            .Select(image => Png.Read(Convert.FromBase64String(image.Attribute("src")!.Value.Split(',')[1]), "the page").Grey).ToArray())];
}
