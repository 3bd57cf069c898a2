using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Conformance.Cli.Shared;
using Conformance.Cli.Shared.DataSets;

namespace Conformance.Tests.Cli.Data;

/// <summary>A mirror on the loopback address that misbehaves in each way a network can.</summary>
public sealed class MirrorSourceTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(20_000);
    private static readonly DataFile Wanted = new("some-idx1-ubyte", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));

    private string _directory = "";

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("conformance-mirror-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void UnpacksWhatTheMirrorHas()
    {
        Fetch(response => Send(response, Gzip(Content)));

        Assert.That(File.ReadAllBytes(Path.Combine(_directory, Wanted.Name)), Is.EqualTo(Content));
    }

    [Test]
    public void AMissingFileIsNamedWithItsAddress() =>
        Assert.That(Refusal(response => response.StatusCode = 404), Does.Contain("some-idx1-ubyte.gz").And.Contain("404"));

    [Test]
    public void ABodyThatBreaksOffIsRefused() => Refusal(response =>
    {
        var body = Gzip(Content);
        response.ContentLength64 = body.Length;
        response.OutputStream.Write(body, 0, body.Length / 2);
        response.OutputStream.Flush();
        response.Abort();
    });

    [Test]
    public void SomethingElseThanGzipIsRefused() => Refusal(response => Send(response, "<html>please log in</html>"u8.ToArray()));

    [Test]
    public void AMirrorThatDoesNotListenIsRefused()
    {
        var source = new MirrorSource(new Uri($"http://127.0.0.1:{FreePort()}/"));

        Assert.Throws<DataUnavailableException>(() => source.Fetch([Wanted], _directory, default).ToList());
    }

    [TestCase("cut short", 10_000)]
    [TestCase("much longer", 10_000_000)]
    public void AFileOfAnotherLengthDoesNotGetIntoTheCache(string what, int length)
    {
        var said = new List<string>();

        Serve(response => Send(response, Gzip(new byte[length])), mirror =>
            Assert.Throws<UserError>(() => new FileCache(_directory, [Wanted], [mirror], said.Add).Ensure()));

        Assert.That(said, Has.Some.Contains("expected 20,000 bytes"), what);
        Assert.That(Directory.EnumerateFiles(_directory).Select(Path.GetFileName), Has.One.EqualTo("lock").And.Exactly(1).Items);
    }

    private void Fetch(Action<HttpListenerResponse> answer) => Serve(answer, mirror =>
    {
        foreach (var file in mirror.Fetch([Wanted], _directory, default))
            Assert.That(file, Is.EqualTo(Wanted));
    });

    private string Refusal(Action<HttpListenerResponse> answer)
    {
        var message = Assert.Throws<DataUnavailableException>(() => Fetch(answer))!.Message;
        Assert.That(message, Does.Not.Contain("\n"));
        Assert.That(Directory.EnumerateFiles(_directory), Is.Empty);
        return message;
    }

    private static void Serve(Action<HttpListenerResponse> answer, Action<MirrorSource> use)
    {
        var address = $"http://127.0.0.1:{FreePort()}/";
        using var listener = new HttpListener();
        listener.Prefixes.Add(address);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            var context = await listener.GetContextAsync();
            answer(context.Response);
            try
            {
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The answer broke off on purpose, or the reader has gone.
            }
        });
        use(new MirrorSource(new Uri(address)));
        serving.Wait(TimeSpan.FromSeconds(10));
    }

    private static void Send(HttpListenerResponse response, byte[] body)
    {
        try
        {
            response.OutputStream.Write(body);
        }
        catch (HttpListenerException)
        {
            // The reader has seen enough.
        }
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
