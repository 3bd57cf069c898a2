using System.Buffers.Binary;
using System.Text;
using Conformance.Engine.Checkpoints;
using Conformance.Engine.Layers;
using Conformance.Engine.Networks;
using Conformance.Engine.Tensors;

namespace Conformance.Tests.Engine.Checkpoints;

/// <summary>The file format, and a network's state in it.</summary>
internal sealed class SafetensorsTests
{
    private static readonly byte[] _two = [0, 0, 128, 63, 0, 0, 0, 64]; // 1 and 2

    [Test]
    public void WhatIsWrittenIsReadBack()
    {
        var written = new Safetensors(
            new Dictionary<string, SafeTensor>
            {
                ["b"] = new("F32", [2, 1], _two),
                ["a"] = new("I64", [], new byte[8]),
                ["none"] = new("F32", [0, 3], Array.Empty<byte>())
            },
            new Dictionary<string, string> { ["said"] = "\"x\"\n" });
        var read = Safetensors.Read(written.ToBytes(), "file");
        Assert.That(read.Metadata, Is.EqualTo(written.Metadata));
        Assert.That(read.Tensors.Keys, Is.EquivalentTo(written.Tensors.Keys));
        foreach (var (name, tensor) in written.Tensors)
        {
            Assert.That(read.Tensors[name].Dtype, Is.EqualTo(tensor.Dtype));
            Assert.That(read.Tensors[name].Shape, Is.EqualTo(tensor.Shape));
            Assert.That(read.Tensors[name].Data.ToArray(), Is.EqualTo(tensor.Data.ToArray()));
        }
    }

    /// <summary>Byte for byte what the format's description says.</summary>
    [Test]
    public void TheFileIsTheDocumentedOne()
    {
        const string Header = """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var bytes = new Safetensors(new Dictionary<string, SafeTensor> { ["w"] = new("F32", [2], _two) }, new Dictionary<string, string>()).ToBytes();
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(bytes), Is.EqualTo(56), "54 characters, and two spaces");
        Assert.That(Encoding.UTF8.GetString(bytes, 8, 56), Is.EqualTo(Header + "  "));
        Assert.That(bytes[64..], Is.EqualTo(_two));
    }

    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", null)]
    [TestCase("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "w: expected the bytes of F32 [3], got 8")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}""", "w: data_offsets")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "w: data_offsets")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "expected 4 bytes of data behind the header, got 8")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "w: expected data that begins at byte 0")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        "expected data that begins at byte")]
    [TestCase("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "w: shape")]
    [TestCase("""{"w":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}""", "w: expected the bytes")]
    [TestCase(
        """{"w":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "w: expected the bytes")]
    [TestCase("""{"w":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "w: dtype")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"offset":0}}""", "w: expected an object of dtype, shape and data_offsets")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "header")]
    [TestCase("""{"__metadata__":{"a":1},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__: expected an object of texts")]
    [TestCase("""[]""", "header: expected an object")]
    [TestCase("""{"w":""", "header: expected JSON")]
    public void WhatDoesNotFitIsRefused(string header, string? message)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + text.Length + _two.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        _two.CopyTo(bytes, 8 + text.Length);
        if (message is null)
            Assert.That(Safetensors.Read(bytes, "file").Tensors["w"].Shape, Is.EqualTo(new[] { 2 }));
        else
            Assert.That(
                () => Safetensors.Read(bytes, "file"),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("file: ").And.Message.Contains(message));
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(100_000_001ul)]
    [TestCase(1ul)]
    public void AHeaderBeyondTheFileIsRefused(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Assert.That(() => Safetensors.Read(bytes, "file"), Throws.TypeOf<InvalidDataException>().With.Message.Contains($"{length}"));
        Assert.That(() => Safetensors.Read(bytes.AsMemory(0, 7), "file"), Throws.TypeOf<InvalidDataException>());
    }

    /// <summary>Ten thousand files with some bytes changed, cut off or put in: each is read or refused, never anything else.</summary>
    [Test]
    public void AMutatedFileIsReadOrRefused()
    {
        var whole =
            new Safetensors(StateDict.FromModule(NamedNetworks.Resolve("c2p").Build(1)), new Dictionary<string, string> { ["a"] = "b" }).ToBytes();
        int headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        var random = new SplitMix64(1);
        int refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            var bytes = whole.ToList();
            for (int change = random.Below(4); change >= 0; change--)
            {
                int at = random.Below(Math.Min(headerEnd + 8, bytes.Count));
                switch (random.Below(4))
                {
                    case 0: bytes[at] = (byte)random.Below(256); break;
                    case 1: bytes[at] ^= (byte)(1 << random.Below(8)); break;
                    case 2: bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, random.Below(20))); break;
                    default: bytes.InsertRange(at, Encoding.ASCII.GetBytes("9999999999"[..random.Below(10)])); break;
                }
            }
            try
            {
                Safetensors.Read(bytes.ToArray(), "file");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.That(refused, Is.InRange(5_000, 9_999), "most changes break it, some do not");
    }

    [Test]
    public void AStateIsPyTorchsAndLoadsIntoAnotherNetwork()
    {
        var net = NamedNetworks.Resolve("batchnorm-004").Build(1);
        net.Buffers.Single(buffer => buffer.Name == "bn1.num_batches_tracked").Value.Span[0] = 7;
        var state = StateDict.FromModule(net);
        Assert.That(
            state.Keys,
            Is.EquivalentTo(new[]
            {
                "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "fc.weight", "fc.bias"
            }));
        Assert.That((state["bn1.num_batches_tracked"].Dtype, state["bn1.num_batches_tracked"].Shape.Count), Is.EqualTo(("I64", 0)));

        var other = NamedNetworks.Resolve("batchnorm-004").Build(2);
        StateDict.Load(other, Safetensors.Read(new Safetensors(state, new Dictionary<string, string>()).ToBytes(), "file").Tensors, "file");
        foreach (var (mine, theirs) in net.Parameters.Zip(other.Parameters))
            Assert.That(theirs.Value.ToArray(), Is.EqualTo(mine.Value.ToArray()), mine.Name);
        Assert.That(other.Buffers.Single(buffer => buffer.Name == "bn1.num_batches_tracked").Value.Span[0], Is.EqualTo(7));
    }

    /// <summary>Networks in networks have the names that <c>torch.nn.Sequential</c> in another has.</summary>
    [Test]
    public void NamesNestAsInPyTorch()
    {
        var net = new Sequential(
            ("block", new Sequential(("conv", new Conv2d(1, 2, 3, bias: false)), ("bn", new BatchNorm2d(2, affine: false)))),
            ("fc", new Linear(2, 1)));
        Assert.That(
            StateDict.FromModule(net).Keys,
            Is.EquivalentTo(new[]
            {
                "block.conv.weight", "block.bn.running_mean", "block.bn.running_var", "block.bn.num_batches_tracked", "fc.weight", "fc.bias"
            }));
    }

    [TestCase("lenet", "batchnorm-004", "conv1.bias")]
    [TestCase("c8", "c8c8", "conv2.weight")]
    [TestCase("c8", "c4", "conv1.weight: expected the shape [4, 1, 3, 3], got [8, 1, 3, 3]")]
    public void TheStateOfAnotherNetworkChangesNothing(string from, string to, string message)
    {
        var net = NamedNetworks.Resolve(to).Build(2);
        var before = net.Parameters.Select(parameter => parameter.Value.ToArray()).ToList();
        Assert.That(
            () => StateDict.Load(net, StateDict.FromModule(NamedNetworks.Resolve(from).Build(1)), "file"),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("file: ").And.Message.Contains(message));
        Assert.That(net.Parameters.Select(parameter => parameter.Value.ToArray()), Is.EqualTo(before));
    }
}
