using Conformance.Suite.Judging;
using Conformance.Suite.Protocol;
using Conformance.Suite.Running;

namespace Conformance.Tests.Suite.Protocol;

/// <summary>The suite's own work takes no time from an engine.</summary>
[NonParallelizable]
internal sealed class BusyMachineTests
{
    /// <summary>No thread of the pool is free: what waits behind others there would come too late.</summary>
    [Test]
    public void AnEngineIsAskedThoughTheThreadPoolIsFull()
    {
        Python.Require();
        using var free = new ManualResetEventSlim();
        var others = Enumerable.Range(0, 300).Select(_ => Task.Run(() => free.Wait(20_000))).ToArray();
        try
        {
            using var subject = new Misbehaving("none").Start(2);
            Assert.That(Judge.Run(subject, Stored.Questions("relu")[0]).Verdict, Is.EqualTo(Verdict.Pass));
        }
        finally
        {
            free.Set();
            Task.WaitAll(others);
        }
    }

    [TestCase(24, true), TestCase(12, true), TestCase(11, true), TestCase(2, false), TestCase(13, false)]
    public void WhatTheMachineLacksIsNoFaultOfTheEngine(int errorNumber, bool isOfMachine) =>
        Assert.That(SuiteException.IsOfMachine(errorNumber), Is.EqualTo(isOfMachine));
}
