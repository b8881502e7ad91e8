using Orleans.Serialization;

namespace LifeRaft;

/// <summary>Applies the body of a command and returns the result as bytes.</summary>
internal delegate ReadOnlyMemory<byte> CommandHandler(ReadOnlyMemory<byte> body, HandlerContext context);

/// <summary>Answers the body of a query as bytes; null for no answer yet.</summary>
internal delegate ReadOnlyMemory<byte>? QueryHandler(ReadOnlyMemory<byte> body);

/// <summary>The handlers of a machine, by the aliases of what they take. What is wrong with a type is said when its handler is added.</summary>
internal sealed class Handlers(Type machine, Serializer serializer)
{
    private readonly Dictionary<string, CommandHandler> _commands = [];
    private readonly Dictionary<string, QueryHandler> _queries = [];
    private readonly Dictionary<string, QueryHandler> _awaits = [];
    private readonly HashSet<string> _retired = [];
    private readonly ObjectSerializer _types = new(serializer.SessionPool);

    public CommandHandler? FindCommand(string alias) => _commands.GetValueOrDefault(alias);

    /// <summary>Whether this build knows what the command does, or did.</summary>
    public bool Knew(string alias) => _commands.ContainsKey(alias) || _retired.Contains(alias);

    public QueryHandler? FindQuery(string alias) => _queries.GetValueOrDefault(alias);

    public QueryHandler? FindAwait(string alias) => _awaits.GetValueOrDefault(alias);

    public void AddCommand<TCommand, TResult>(Type kind, Func<TCommand, HandlerContext, ReadOnlyMemory<byte>> handler)
    {
        var alias = Check<TCommand, TResult>(kind);
        AddOnce(_commands, alias, typeof(TCommand), (body, context) => handler(Read<TCommand>(alias, body), context));
    }

    public void Retire(string alias)
    {
        ArgumentException.ThrowIfNullOrEmpty(alias);
        if (_commands.ContainsKey(alias))
        {
            throw new InvalidRequestException($"{machine.Name} cannot retire '{alias}': it has a handler.");
        }

        _retired.Add(alias);
    }

    public void AddQuery<TQuery, TResult>(Func<TQuery, ReadOnlyMemory<byte>?> handler) => Add<TQuery, TResult>(_queries, handler);

    public void AddAwait<TQuery, TResult>(Func<TQuery, ReadOnlyMemory<byte>?> handler) => Add<TQuery, TResult>(_awaits, handler);

    public void RequireSerializer(Type type, string what)
    {
        try
        {
            if (_types.CanSerialize(type))
            {
                return;
            }
        }
        catch (CodecNotFoundException failure)
        {
            // Of something in it.
            throw Unserializable(type, what, failure.Message);
        }

        throw Unserializable(type, what, "It has no serializer.");
    }

    private void Add<TQuery, TResult>(Dictionary<string, QueryHandler> handlers, Func<TQuery, ReadOnlyMemory<byte>?> handler)
    {
        var alias = Check<TQuery, TResult>(typeof(IQuery<,>));
        AddOnce(handlers, alias, typeof(TQuery), body => handler(Read<TQuery>(alias, body)));
    }

    private string Check<TRequest, TResult>(Type kind)
    {
        var type = typeof(TRequest);
        var alias = RequestFrame.AliasOf(type);
        if (!type.GetInterfaces().Any(request => IsFor(request, kind, typeof(TResult))))
        {
            var shape = kind.GetGenericArguments().Length == 1 ? $"{kind.Name[..^2]}<{machine.Name}>" : $"{kind.Name[..^2]}<{machine.Name}, {typeof(TResult).Name}>";
            throw new InvalidRequestException($"{type} cannot have a handler in {machine.Name}: it does not implement {shape}.");
        }

        RequireSerializer(type, "the request");
        RequireSerializer(typeof(TResult), $"the result of {type.Name}");
        return alias;
    }

    private bool IsFor(Type request, Type kind, Type result) =>
        request.IsGenericType && request.GetGenericTypeDefinition() == kind && request.GetGenericArguments() is var arguments
        && arguments[0].IsAssignableFrom(machine) && (arguments.Length == 1 || arguments[1] == result);

    private void AddOnce<THandler>(Dictionary<string, THandler> handlers, string alias, Type type, THandler handler)
    {
        if (!handlers.TryAdd(alias, handler))
        {
            throw new InvalidRequestException($"{machine.Name} has two handlers for '{alias}', the alias of {type}. Each alias has one.");
        }
    }

    /// <summary>What cannot be read is a refusal, and says the same on every member.</summary>
    private T Read<T>(string alias, ReadOnlyMemory<byte> body)
    {
        try
        {
            return serializer.Deserialize<T>(body) ?? throw new FormatException();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new InvalidRequestException($"The {body.Length} bytes of a '{alias}' cannot be read as {typeof(T).Name}.");
        }
    }

    private InvalidRequestException Unserializable(Type type, string what, string why) =>
        new($"{machine.Name} cannot be replicated: {what}, {type}, cannot be written by Orleans' serializer. {why} Put [GenerateSerializer] on the type and [Id(n)] on each member.");
}
