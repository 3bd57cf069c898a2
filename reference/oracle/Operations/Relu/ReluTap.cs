namespace Conformance.Oracle.Operations;

/// <summary>One element of a ReLU, whether it passes, and its factor if it does.</summary>
public readonly record struct ReluTap(int Element, bool Open, double Factor = 1);
