namespace LifeRaft.Silo;

/// <summary>The silo's log on the console.</summary>
internal static class ConsoleLogging
{
    private const string Others = "Default";

    public static void Add(ILoggingBuilder logging, LoggingSettings settings)
    {
        if (settings.Format == LoggingFormat.Json)
        {
            logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "O"));
        }
        else
        {
            logging.AddSimpleConsole(options => (options.SingleLine, options.UseUtcTimestamp, options.TimestampFormat) = (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' "));
        }

        foreach (var (category, level) in settings.LogLevel)
        {
            if (string.Equals(category, Others, StringComparison.OrdinalIgnoreCase))
            {
                logging.SetMinimumLevel(level);
            }
            else
            {
                logging.AddFilter(category, level);
            }
        }
    }
}
