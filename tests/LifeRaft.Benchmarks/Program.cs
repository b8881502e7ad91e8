using LifeRaft.Benchmarks;

return await BenchmarkCommands.Create().Parse(args).InvokeAsync();
