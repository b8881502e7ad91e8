using Orleans.Serialization;

namespace LifeRaft.Tests.Typed;

/// <summary>Requests and snapshots as bytes.</summary>
internal static class Requests
{
    public static byte[] Bytes(object request) => Bytes(RequestFrame.AliasOf(request.GetType()), request);

    public static byte[] Bytes(string alias, object request) => RequestFrame.Encode(alias, request, new ObjectSerializer(Accounts.Serializer.SessionPool));
}

internal static class Snapshots
{
    public static byte[] Of(IStateMachine machine) => Written(machine.CaptureSnapshot());

    public static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    public static void Copy(IStateMachine from, IStateMachine to)
    {
        using var stream = new MemoryStream(Of(from));
        to.ReadSnapshot(stream);
    }
}
