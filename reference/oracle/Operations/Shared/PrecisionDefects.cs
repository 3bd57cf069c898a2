using static Conformance.Oracle.MistakeClass;

namespace Conformance.Oracle.Operations;

/// <summary>Known mistakes of precision in a layer with weights: its numbers have fewer bits than float32.</summary>
internal static class PrecisionDefects
{
    public static IEnumerable<Defect> For(string op) =>
    [
        Operands(op, "fixed-point", "inputs, weights and bias are rounded to fixed point with 8 fraction bits",
            value => Math.Round(value * 256) / 256),
        Operands(op, "fixed-point-truncated", "inputs, weights and bias are cut to fixed point with 8 fraction bits",
            value => Math.Truncate(value * 256) / 256),
        Operands(op, "float16-operands", "inputs, weights and bias are rounded to float16", value => (double)(Half)value),
        Operands(op, "bfloat16-operands", "inputs, weights and bias are cut to bfloat16: the upper half of their bits", BFloat16),
        new ResultDefect($"{op}.float16-results", Passes.All, Precision,
            "the results are kept in float16",
            "keep them in float32",
            (_, result) => result.Select(value => (double)(Half)value)),
    ];

    private static OperandDefect Operands(string op, string name, string mistake, Func<double, double> rounded) => new(
        $"{op}.{name}", Passes.All, Precision, mistake, "compute with float32 throughout", OperandDefect.Every, (_, operand) =>
            operand.Select(rounded));

    private static double BFloat16(double value) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)value) & ~0xFFFF);
}
