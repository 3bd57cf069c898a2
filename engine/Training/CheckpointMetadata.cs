using System.Globalization;

namespace Conformance.Engine.Training;

/// <summary>Reads and checks the strings of a checkpoint's metadata. An exception names the string that is wrong.</summary>
/// <param name="origin">The name of the file, for messages.</param>
internal sealed class CheckpointMetadata(IReadOnlyDictionary<string, string> metadata, string origin)
{
    /// <exception cref="InvalidDataException">The string is not the expected one.</exception>
    public void Expect(string name, string expected, string what)
    {
        if (Text(name) != expected)
            throw new InvalidDataException($"{origin}: expected {what} to be that of the run, {expected}, got {Text(name)}");
    }

    /// <exception cref="InvalidDataException">The string is no integer from 0 to <paramref name="most"/>.</exception>
    public int Whole(string name, int most) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= most
        ? value
        : throw new InvalidDataException($"{origin}: {name}: expected a whole number from 0 to {most}, got '{Text(name)}'");

    /// <exception cref="InvalidDataException">The string is no finite, non-negative number.</exception>
    public double Real(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
        ? value
        : throw new InvalidDataException($"{origin}: {name}: expected a finite number of 0 or more, got '{Text(name)}'");

    private string Text(string name) => metadata.TryGetValue(name, out string? text)
        ? text
        : throw new InvalidDataException($"{origin}: expected the metadata of a training run, but there is no '{name}'");
}
