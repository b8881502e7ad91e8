using System.Reflection;

namespace LifeRaft;

/// <summary>
/// Takes the stack traces from an exception. Orleans' serializer writes them, and they differ between builds, platforms and callers,
/// while the bytes of a result must not.
/// </summary>
internal static class ExceptionTrace
{
    // The runtime's own names; Orleans sets the last of them when it reads an exception.
    private static readonly FieldInfo[] _traces = [.. new[] { "_stackTrace", "_stackTraceString", "_remoteStackTraceString" }
        .Select(name => typeof(Exception).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)).OfType<FieldInfo>()];

    /// <summary>Whether neither the exception nor one within it has a trace any more.</summary>
    public static bool TryRemove(Exception exception)
    {
        foreach (var trace in _traces)
        {
            trace.SetValue(exception, null);
        }

        if (exception.StackTrace is not null)
        {
            return false; // The type has a trace of its own making.
        }

        return exception is AggregateException several
            ? several.InnerExceptions.All(TryRemove)
            : exception.InnerException is not { } inner || TryRemove(inner);
    }
}
