namespace Conformance.Oracle.Operations;

/// <summary>
/// One multiplication of a linear layer: output [N, O], input [Row, I] where Row is N, weight [O, I] at flat position <see cref="Weight"/>. A tap
/// whose row is −1 contributes nothing. A tap whose <see cref="Times"/> is 2 is added twice.
/// </summary>
public readonly record struct LinearTap(int N, int O, int Row, int I, int Weight, int Times = 1);

/// <summary>The extents of a linear case: N rows of I features, O outputs.</summary>
public readonly record struct LinearGeometry(int N, int I, int O);
