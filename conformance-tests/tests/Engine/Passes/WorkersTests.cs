using Conformance.Engine.Passes;

namespace Conformance.Tests.Engine.Passes;

public sealed class WorkersTests
{
    [Test]
    public void EveryPartIsDoneOnceBeforeTheRunReturns([Values(1, 2, 8)] int threads)
    {
        using var workers = new Workers(threads);
        for (int run = 0; run < 300; run++)
        {
            var done = new int[run % 37];
            workers.Run(done.Length, part => Interlocked.Increment(ref done[part]));
            Assert.That(done, Is.All.EqualTo(1));
            if (run % 100 == 0)
                Thread.Sleep(20); // long enough for the threads to block
        }
    }

    [Test]
    public void AnExceptionOfAPartReachesTheCallerAndTheNextRunWorks([Values(1, 3)] int threads)
    {
        using var workers = new Workers(threads);

        Assert.That(() => workers.Run(10, part => throw new FormatException($"part {part}")), Throws.TypeOf<FormatException>());
        int sum = 0;
        workers.Run(10, part => Interlocked.Add(ref sum, part));
        Assert.That(sum, Is.EqualTo(45));
    }

    [Test]
    public void ACallerWaitsForASlowPart()
    {
        using var workers = new Workers(2);
        int done = 0;
        workers.Run(2, part =>
        {
            Thread.Sleep(part * 100 + 20);
            Interlocked.Increment(ref done);
        });
        Assert.That(done, Is.EqualTo(2));
    }

    [Test]
    public void AfterDisposalNothingRuns()
    {
        var workers = new Workers(2);
        workers.Dispose();
        workers.Dispose();
        Assert.That(() => workers.Run(1, _ => { }), Throws.TypeOf<ObjectDisposedException>());
    }
}
