using System.Diagnostics;

namespace LifeRaft.TestSilo;

/// <summary>
/// The test holds the other end of this process's standard input. When the test dies, however it dies, the input ends, and no silo
/// is left behind.
/// </summary>
internal static class EndOfInput
{
    public static void EndsTheProcess() => new Thread(Watch) { IsBackground = true, Name = "waits for the end of the input" }.Start();

    private static void Watch()
    {
        while (Console.In.Read() >= 0)
        {
        }

        // Nobody is left who would care how: a stop in good order waits for silos that are gone too.
        Process.GetCurrentProcess().Kill();
    }
}
