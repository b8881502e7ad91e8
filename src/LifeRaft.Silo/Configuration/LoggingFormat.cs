namespace LifeRaft.Silo;

/// <summary>How a line on the console is written.</summary>
public enum LoggingFormat
{
    /// <summary>One line of text.</summary>
    Simple,

    /// <summary>One line with a JSON object.</summary>
    Json,
}
