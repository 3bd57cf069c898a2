namespace Conformance.Engine.Tensors;

/// <summary>Checks of shapes, and the messages for wrong ones.</summary>
internal static class Shapes
{
    public static string Text(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    public static int Size(ReadOnlySpan<int> shape)
    {
        int size = 1;
        foreach (int extent in shape)
            size *= extent;
        return size;
    }

    /// <exception cref="ArgumentException">A span does not have as many elements as the tensor.</exception>
    public static void CheckCount(string operation, int expected, int actual, ReadOnlySpan<int> shape)
    {
        if (actual != expected)
            throw new ArgumentException($"{operation}: expected {expected} values for shape {Text(shape)}, got {actual}");
    }

    /// <exception cref="ArgumentException">The shape is not the expected one.</exception>
    public static void Check(string operation, string tensor, ReadOnlySpan<int> expected, ReadOnlySpan<int> actual)
    {
        if (!actual.SequenceEqual(expected))
            throw new ArgumentException($"{operation}: expected {tensor} of shape {Text(expected)}, got {Text(actual)}");
    }

    /// <summary>Creates the exception for an input whose shape the operation does not accept.</summary>
    public static ArgumentException Wrong(string operation, string expected, ReadOnlySpan<int> actual) =>
        new($"{operation}: expected input {expected}, got {Text(actual)}");

    /// <summary>Converts a PyTorch dimension to the index of an axis: a negative dimension counts from the last axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input has no such axis.</exception>
    public static int AxisAt(string operation, string name, int dim, ReadOnlySpan<int> shape) => dim >= -shape.Length && dim < shape.Length
        ? dim < 0 ? dim + shape.Length : dim
        : throw new ArgumentOutOfRangeException(
            name, dim, $"{operation}: expected {name} from {-shape.Length} to {shape.Length - 1} for input {Text(shape)}, got {dim}");

    /// <exception cref="ArgumentOutOfRangeException">The value is below the least allowed one.</exception>
    public static int AtLeast(int least, int value, string operation, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{operation}: expected {name} of {least} or more, got {value}");
}
