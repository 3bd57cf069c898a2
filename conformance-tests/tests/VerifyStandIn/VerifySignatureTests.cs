using System.Reflection;

namespace Conformance.Tests.VerifyStandIn;

/// <summary>The stand-in is Verify.NUnit's API in small: it can't drift into an API of its own.</summary>
public sealed class VerifySignatureTests
{
    private static readonly Assembly Provider = typeof(VerifyNUnit.Verifier).Assembly;

    private static string[] Signatures => File.ReadAllLines(Path.Combine(Repository.Root, "conformance-tests/verify-stand-in/verify-signatures.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#')).ToArray();

    private static SortedSet<string> Offered =>
        PublicApi.Describe(Provider.GetTypes().Concat(typeof(VerifyTests.VerifySettings).Assembly.GetTypes()));

    [Test]
    public void EachPublicMemberIsOneOfVerifys()
    {
        if (Provider.GetName().Name != "Conformance.VerifyStandIn")
            Assert.Ignore("Verify.NUnit itself is here");
        Assert.That(Offered.Except(Signatures), Is.Empty);
    }

    [Test]
    public void EachSignatureIsThereInTheStandInAndInVerifyItself() => Assert.That(Signatures.Except(Offered), Is.Empty);

    [Test]
    public void ADriftedMemberIsCaught() => Assert.That(
        PublicApi.Describe([typeof(Drifted)])
            .Select(line => line.Replace(typeof(Drifted).FullName!.Replace('+', '.'), "VerifyTests.SettingsTask", StringComparison.Ordinal))
            .Except(Signatures),
        Is.EquivalentTo(["VerifyTests.SettingsTask: SettingsTask UseMethodName(string method)", "VerifyTests.SettingsTask: Drifted()"]),
        "and 'UseDirectory', which has not drifted, is not");

    /// <summary>A stand-in gone wrong.</summary>
    public sealed class Drifted
    {
        public VerifyTests.SettingsTask? UseDirectory(string directory) => directory.Length > 0 ? null : Task;

        public VerifyTests.SettingsTask? UseMethodName(string method) => method.Length > 0 ? null : Task;

        private VerifyTests.SettingsTask? Task { get; }
    }
}
