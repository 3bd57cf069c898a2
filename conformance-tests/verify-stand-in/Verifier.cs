using System.Diagnostics.Contracts;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using NUnit.Framework;
using NUnit.Framework.Internal;
using VerifyTests;

namespace VerifyNUnit;

/// <summary>
/// Compares a text with the one approved earlier, in a file beside the test: the few members of Verify.NUnit that the tests use, with Verify's file
/// names, text format and messages (<c>verify-signatures.txt</c>). Nothing is ever approved by itself.
/// </summary>
public static class Verifier
{
    /// <summary>Compares with <c>Class.Method[_parameter=value…].verified.txt</c>.</summary>
    [Pure]
    public static SettingsTask Verify(
        string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(target is "" ? "emptyString" : target, "txt", settings, sourceFile);

    /// <summary>The same with another extension, such as <c>json</c>.</summary>
    [Pure]
    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        new(settings, final => Compare(target ?? "null", extension, final, sourceFile));

    private static Task<VerifyResult> Compare(string target, string extension, VerifySettings settings, string sourceFile)
    {
        var directory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(sourceFile)!, settings.Directory ?? ""));
        new Snapshot(directory, Stem(TestContext.CurrentContext.Test, settings.MethodName), extension).Compare(target);
        return Task.FromResult(new VerifyResult());
    }

    private static string Stem(TestContext.TestAdapter test, string? methodName)
    {
        if (test is not { MethodInfo: { } method, Type: { } type })
            throw new InvalidOperationException("Verify can only be used from within a test method.");
        if ((test.Parent is ParameterizedMethodSuite suite ? suite.Parent : test.Parent)?.Arguments.Length > 0)
            throw new NotSupportedException("the stand-in for Verify does not take fixtures with arguments");

        var stem = new StringBuilder(type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name).Append('.').Append(methodName ?? method.Name);
        foreach (var (parameter, value) in method.GetParameters().Zip(test.Arguments))
            stem.Append(CultureInfo.InvariantCulture, $"_{parameter.Name}={Clean(value?.ToString() ?? "null")}");
        return stem.ToString();
    }

    /// <summary>What a file name may not hold on some system becomes a dash.</summary>
    private static string Clean(string value) =>
        string.Concat(value.Select(c => c < ' ' || "\"\\<>|:*?/".Contains(c, StringComparison.Ordinal) ? '-' : c));
}
