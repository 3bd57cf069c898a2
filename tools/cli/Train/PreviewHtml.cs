using System.Globalization;
using Conformance.Cli.Shared;
using Conformance.Suite.Reporting.Html;

namespace Conformance.Cli.Train;

/// <summary>
/// A contact sheet of training images, before and after what a preset does to them, on one page that needs nothing else: the images are in it as PNG.
/// It is well-formed XML.
/// </summary>
/// <param name="title">Of the data.</param>
/// <param name="classes">What the labels stand for.</param>
/// <param name="height">Of each image.</param>
internal sealed class PreviewHtml(string title, IReadOnlyList<string> classes, int height, int width)
{
    public string Render(Preset preset, ulong seed, IReadOnlyList<PreviewedImage> images) => Html.Page(
        $"{title} as {preset.Name} trains on it", Resource.Text("report.css") + Resource.Text("data.css", typeof(PreviewHtml)),
        $"""
        <h1>{Markup.Text($"{title} as {preset.Name} trains on it")}</h1>
        {Html.Definitions(
            ("Each time seen", AugmentationText.Describe(preset.TrainingAugmentation)),
            ("Labels", AugmentationText.OfLabels(preset.Corruption?.Labels ?? 0)),
            ("Seed", seed.ToString(CultureInfo.InvariantCulture)))}
        <h2>Before and after</h2>
        <p class="quiet">Above as in the file, below as training sees it in the first epoch. A label that training is given wrongly stands as right → wrong.</p>
        <div class="pair">
        {Markup.Lines(images.GroupBy(image => image.Label).Select(group => Strip("pairs", Figures.ClassName(group.Key, classes[group.Key]), group.Select(Pair))))}
        </div>
        <h2>One image in several epochs</h2>
        <div class="pair">
        {Markup.Lines(images.Where(image => image.Epochs.Count > 1).Select(image => Strip("epochs", Figures.ClassName(image.Label, classes[image.Label]), Epochs(image))))}
        </div>
        <footer><p>These are the pixels and labels that `train --preset {preset.Name} --seed {seed}` has for these images, rounded to bytes.</p></footer>
        """, pictures: true);

    private Markup Pair(PreviewedImage image) =>
        $"""
        <figure{(image.Trained == image.Label ? Markup.Empty : $" class=\"changed\"")}>
        {Picture(image.Pixels, $"training image {image.Index}: {classes[image.Label]}")}
        {Picture(image.Epochs[0], "the same as training sees it")}
        <figcaption>{Markup.Text(image.Trained == image.Label ? classes[image.Label] : $"{classes[image.Label]} → {classes[image.Trained]}")}</figcaption>
        </figure>
        """;

    private IEnumerable<Markup> Epochs(PreviewedImage image) =>
        image.Epochs.Select((pixels, epoch) => Single(pixels, $"epoch {epoch + 1}")).Prepend(Single(image.Pixels, "file"));

    private Markup Single(byte[] pixels, string caption) => $"<figure>{Picture(pixels, caption)}<figcaption>{caption}</figcaption></figure>";

    private Markup Picture(byte[] pixels, string words) => Shared.Picture.Draw(pixels, height, width, words);

    private static Markup Strip(string kind, string name, IEnumerable<Markup> figures) =>
        $"<section>\n<h3>{name}</h3>\n<div class=\"strip {kind}\">\n{Markup.Lines(figures)}\n</div>\n</section>";
}
