using System.CommandLine;
using System.Text.Json;

namespace LifeRaft.Cli;

/// <summary><c>kv transact</c>.</summary>
internal static class KeyValueTransact
{
    private const string Form = """{"when": [{"key": "a", "version": 1}], "then": [{"put": "a", "value": "x"}, {"delete": "b"}], "else": [{"get": "a"}]}""";

    public static Command Create()
    {
        var command = new DetailedCommand(
            "transact",
            "Carries out a transaction, which is read as JSON from the standard input.",
            $"For instance {Form}. A condition compares version (0: absent), revision or value, or says \"absent\": true; \"valueBase64\" is for other bytes than UTF-8. Exit code 1 if the conditions do not hold.");
        command.RunsOnData(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        var bytes = await run.InputBytes("transaction");
        TransactionDocument document;
        try
        {
            document = JsonSerializer.Deserialize<TransactionDocument>(bytes, TransactionDocument.Strict) ?? throw new JsonException("There is none.");
        }
        catch (JsonException problem)
        {
            throw new MisuseException($"The standard input holds no transaction: {problem.Message} Write for instance {Form}.");
        }

        var (when, then, otherwise) = document.Read();
        await using var connection = await run.Connect();
        var store = new KeyValueStore(connection.Group(run.Get(KeyValueCommands.Group)!));
        var result = await store.Transact(when, then, otherwise, run.CancellationToken);
        var carriedOut = result.Succeeded ? then : otherwise;
        if (run.IsJson)
        {
            Json.Write(run.Output, new { succeeded = result.Succeeded, revision = result.Revision, results = result.Results.Select(entry => entry is null ? null : KeyValueEntries.Document(entry)) });
        }
        else
        {
            await run.Output.WriteLineAsync($"{(result.Succeeded ? "All conditions held; 'then' was carried out" : "A condition did not hold; 'else' was carried out")}, at revision {result.Revision}.");
            new Listing<(KeyValueOperation Operation, KeyValueEntry? Entry)>()
                .Column("operation", row => row.Operation.Kind.ToString().ToLowerInvariant())
                .Column("key", row => TerminalText.Of(row.Operation.Key))
                .Column("version", row => row.Entry is null ? "absent" : $"{row.Entry.Version}", isRight: true)
                .Column("value", row => row.Entry is null ? "" : ByteText.Show((row.Operation.Kind == KeyValueOperationKind.Put ? row.Operation.Value : row.Entry.Value).Span, 60))
                .Write(run.Output, run.Format, carriedOut.Zip(result.Results));
        }

        return result.Succeeded ? ExitCodes.Done : ExitCodes.Failed;
    }
}
