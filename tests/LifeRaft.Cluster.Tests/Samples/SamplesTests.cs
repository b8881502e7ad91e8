using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.Cluster.Tests;

/// <summary>Each sample of src/Samples runs by itself, says what it is to say, and ends well.</summary>
[Collection(ProcessTests.Collection)]
public sealed class SamplesTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task TypedMachine() => Says(
        "TypedMachine",
        """
        Restocked: 3 pieces of tea.
        Sold 2, 1 left. The receipt's id is the same on every member: True.
        Sold out, said the machine: Only 1 of tea are left. (Left = 1)
        Still there: 1.
        """);

    [Fact]
    public Task LeaderElection() => Says(
        "LeaderElection",
        """
        first works, with a fencing token.
        first was stopped, second works, with a larger token: True.
        Anybody can ask who leads: second.
        """);

    [Fact]
    public Task Locks() => Says(
        "Locks",
        """
        host-a has the lock, and wrote: by host-a.
        host-a was cut off, and knew that it lost the lock before host-b had it: True.
        host-b has a larger token: True, and wrote: by host-b.
        host-a wrote without a look at its lock, and was refused: report.txt was written by a later holder of the lock.
        billing runs; a second time at once: False.
        It ran: True, and can run again: True.
        Two upload; a third may: False.
        Its handle's token is the largest now, so it wrote: by a handle of the package.
        """);

    [Fact]
    public Task KeyValue() => Says(
        "KeyValue",
        """
        Paid: True, all at one revision: True.
        Paid again: False, for a payment of 30 is there.
        The first page: account/ann. More follows: True.
        The second page: account/bob. More follows: False.
        Put service/web-1, version 1.
        Delete service/web-1, version 1.
        A lease that has ended takes no keys.
        """);

    [Fact]
    public Task GrainState() => Says(
        "GrainState",
        """
        anna: visit 1.
        bert: visit 1.
        cleo: visit 1.
        silo-2 is gone.
        anna: visit 2.
        bert: visit 2.
        cleo: visit 2.
        anna was woken.
        silo-0 is healthy.
        """);

    private static async Task Says(string sample, string expected)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");

        // With this process's own frameworks: what ASP.NET Core holds of the sample's packages is not copied beside it.
        start.ArgumentList.Add("--runtimeconfig");
        start.ArgumentList.Add(Path.ChangeExtension(typeof(SamplesTests).Assembly.Location, ".runtimeconfig.json"));
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"LifeRaft.Samples.{sample}.dll"));
        start.ArgumentList.Add(FreePort.Row(3).ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(_patience);
            Assert.Equal(expected.ReplaceLineEndings(), (await output).TrimEnd());
            Assert.Equal((0, ""), (process.ExitCode, await error));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
