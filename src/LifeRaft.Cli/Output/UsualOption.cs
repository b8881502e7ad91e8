using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>An option whose default the library does not know, so that the help shows it as it is typed. Read it with <see cref="UsualOptions.Of{T}"/>.</summary>
internal sealed class UsualOption<T>(string name, T usual) : Option<T>(name)
{
    /// <summary>What it is where it is not given.</summary>
    public T Usual => usual;
}

/// <summary>How options are read.</summary>
internal static class UsualOptions
{
    /// <summary>What is given, else what is usual.</summary>
    public static T? Of<T>(this ParseResult parsed, Option<T> option) =>
        option is UsualOption<T> usual && parsed.GetResult(option) is null ? usual.Usual : parsed.GetValue(option);
}
