using Conformance.Cli.Shared;

namespace Conformance.Cli.Compare;

/// <summary>The reference with what <c>compare</c> asks of it beside answers: networks that train.</summary>
internal interface ICompareReference : IReference
{
    /// <summary>The two LeNets of <c>compare</c>.</summary>
    /// <param name="data">The values of <c>--data</c>: the user's own files; none for MNIST, fetched where it is missing.</param>
    /// <param name="say">Told, in one line each, what is done on the way.</param>
    /// <param name="cancel">Ends a download.</param>
    /// <exception cref="UserError">The data is missing, or the images are not of 28×28.</exception>
    ISides OpenSides(IReadOnlyList<string> data, Action<string> say, CancellationToken cancel);
}
