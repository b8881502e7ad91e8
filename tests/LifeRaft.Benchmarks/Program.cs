using LifeRaft.Benchmarks;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A file or a pipe has no width; the console's guess of 80 would break lines that are read elsewhere.
    AnsiConsole.Profile.Width = 200;
}

return await BenchmarkCommands.Create().Parse(args).InvokeAsync();
