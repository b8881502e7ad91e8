using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LifeRaft.Hosting.Tests.Storage;

public sealed class MemoryLogStoreTests : LogStoreContract
{
    protected override LogStoreCapabilities Promised => LogStoreCapabilities.None;

    protected override IRaftLogStore Create() => new MemoryLogStore(NullLogger<MemoryLogStore>.Instance);

    protected override IRaftLogStore CreateElsewhere() => Create();

    [Fact]
    public async Task The_store_says_in_the_log_that_nothing_survives()
    {
        var logger = new WarningLogger();

        await Open(new MemoryLogStore(logger));

        Assert.Contains("nothing survives", Assert.Single(logger.Warnings), StringComparison.Ordinal);
    }

    private sealed class WarningLogger : ILogger<MemoryLogStore>
    {
        internal List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
