using System.Reflection;

namespace LifeRaft;

/// <summary>
/// Takes the stack traces from an exception. Orleans' serializer writes them, and they differ between builds, platforms and callers,
/// while the bytes of a result must not.
/// </summary>
internal static class ExceptionTrace
{
    // Orleans sets the last of them when it reads an exception. A runtime that names them otherwise fails the test of equal bytes.
    private static readonly FieldInfo[] _traces = [.. new[] { "_stackTrace", "_stackTraceString", "_remoteStackTraceString" }
        .Select(name => typeof(Exception).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)).OfType<FieldInfo>()];

    public static Exception Without(Exception exception)
    {
        foreach (var trace in _traces)
        {
            trace.SetValue(exception, null);
        }

        if (exception is AggregateException several)
        {
            foreach (var one in several.InnerExceptions)
            {
                Without(one);
            }
        }
        else if (exception.InnerException is { } inner)
        {
            Without(inner);
        }

        return exception;
    }
}
