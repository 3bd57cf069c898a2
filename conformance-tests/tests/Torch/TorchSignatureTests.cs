extern alias StandIn;

using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Conformance.Torch;
using NUnit.Framework;

namespace Conformance.Tests.Torch;

/// <summary>The stand-in is TorchSharp's API in small: it can't drift into an API of its own, and holds nothing that is not used.</summary>
public sealed class TorchSignatureTests
{
    private static readonly Assembly StandInAssembly = typeof(StandIn::TorchSharp.torch).Assembly;

    private static string[] Signatures => File.ReadAllLines(Path.Combine(Repository.Root, "reference/torch-stand-in/torchsharp-signatures.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#')).ToArray();

    [Test]
    public void Each_public_member_is_one_of_TorchSharps() =>
        Assert.That(PublicApi.Of(StandInAssembly.GetTypes()).Except(Signatures), Is.Empty);

    [Test]
    public void The_list_names_no_more_than_there_is() =>
        Assert.That(Signatures.Except(PublicApi.Of(StandInAssembly.GetTypes())), Is.Empty);

    [Test]
    public void A_drifted_member_is_caught() => Assert.That(
        PublicApi.Of([typeof(TorchSharp.torch.Tensor)]).Except(Signatures),
        Is.EquivalentTo(
        [
            "TorchSharp.torch.Tensor: Tensor argmax(bool keepdim, long dim)",
            "TorchSharp.torch.Tensor: Tensor flatten(long first = 0, long end_dim = -1)",
            "TorchSharp.torch.Tensor: Tensor requires_grad_(bool requires_grad = false)",
            "TorchSharp.torch.Tensor: Tensor sparkle()",
            "TorchSharp.torch.Tensor: Tensor shape { get; }",
            "TorchSharp.torch.Tensor: long detach()",
            "TorchSharp.torch.Tensor: static Tensor contiguous()",
            "TorchSharp.torch.Tensor: Tensor()",
        ]), "and 'clone', which has not drifted, is not");

    [Test]
    public void Each_public_member_is_used_by_reference_torch()
    {
        using var file = new PEReader(File.OpenRead(typeof(TorchOracle).Assembly.Location));
        var metadata = file.GetMetadataReader();
        if (!metadata.AssemblyReferences.Any(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name) == StandInAssembly.GetName().Name))
            Assert.Ignore("reference/torch is built on TorchSharp itself here");
        var used = metadata.MemberReferences.Select(handle => metadata.GetString(metadata.GetMemberReference(handle).Name))
            .Concat(metadata.MethodDefinitions.Select(handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name)))
            .ToHashSet();

        var offered = StandInAssembly.GetExportedTypes().Where(type => !type.IsEnum)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));

        Assert.That(offered.Select(method => method.Name).Distinct().Except(used), Is.Empty);
    }
}
