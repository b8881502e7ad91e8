using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>One silo's row of Orleans' membership table. It is immutable, where Orleans' own entry is not.</summary>
internal sealed record MembershipRow
{
    /// <summary>The silo, as Orleans writes it where it is parsed again.</summary>
    public required string Silo { get; init; }

    public required SiloStatus Status { get; init; }

    /// <summary>Who suspects the silo, and since when (UTC ticks); null is not the same as nobody to Orleans.</summary>
    public required ImmutableArray<(string Silo, long Time)>? Suspects { get; init; }

    public required int ProxyPort { get; init; }

    public required string? HostName { get; init; }

    public required string? SiloName { get; init; }

    public required string? RoleName { get; init; }

    public required int UpdateZone { get; init; }

    public required int FaultZone { get; init; }

    /// <summary>UTC ticks.</summary>
    public required long StartTime { get; init; }

    /// <summary>UTC ticks.</summary>
    public required long IAmAliveTime { get; init; }

    /// <summary>Changes with every write of the row, except for signs of life.</summary>
    public long ETag { get; init; }

    /// <summary>When the silo last gave a sign of life, started, or was suspected; UTC ticks.</summary>
    public long UpdateTime => Math.Max(Math.Max(StartTime, IAmAliveTime), Suspects is { IsEmpty: false } suspects ? suspects.Max(suspect => suspect.Time) : 0);

    public static MembershipRow From(MembershipEntry entry) => new()
    {
        Silo = entry.SiloAddress.ToParsableString(),
        Status = entry.Status,
        Suspects = entry.SuspectTimes is { } suspects ? [.. suspects.Select(suspect => (suspect.Item1.ToParsableString(), suspect.Item2.Ticks))] : null,
        ProxyPort = entry.ProxyPort,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        RoleName = entry.RoleName,
        UpdateZone = entry.UpdateZone,
        FaultZone = entry.FaultZone,
        StartTime = entry.StartTime.Ticks,
        IAmAliveTime = entry.IAmAliveTime.Ticks,
    };

    public MembershipEntry ToEntry() => new()
    {
        SiloAddress = SiloAddress.FromParsableString(Silo),
        Status = Status,
        SuspectTimes = Suspects is { } suspects ? [.. suspects.Select(suspect => Tuple.Create(SiloAddress.FromParsableString(suspect.Silo), Utc(suspect.Time)))] : null,
        ProxyPort = ProxyPort,
        HostName = HostName!,
        SiloName = SiloName!,
        RoleName = RoleName!,
        UpdateZone = UpdateZone,
        FaultZone = FaultZone,
        StartTime = Utc(StartTime),
        IAmAliveTime = Utc(IAmAliveTime),
    };

    public void Write(FieldWriter writer)
    {
        writer.Text(Silo).Byte((byte)Status).Int32(Suspects?.Length ?? -1);
        foreach (var (silo, time) in Suspects ?? [])
        {
            writer.Text(silo).Int64(time);
        }

        writer.Int32(ProxyPort).Text(HostName).Text(SiloName).Text(RoleName).Int32(UpdateZone).Int32(FaultZone).Int64(StartTime).Int64(IAmAliveTime).Int64(ETag);
    }

    /// <exception cref="FormatException">The bytes are no row.</exception>
    public static MembershipRow Read(ref FieldReader reader) => new()
    {
        Silo = reader.Text(),
        Status = (SiloStatus)reader.Byte(),
        Suspects = ReadSuspects(ref reader),
        ProxyPort = reader.Int32(),
        HostName = reader.TextOrNull(),
        SiloName = reader.TextOrNull(),
        RoleName = reader.TextOrNull(),
        UpdateZone = reader.Int32(),
        FaultZone = reader.Int32(),
        StartTime = reader.Int64(),
        IAmAliveTime = reader.Int64(),
        ETag = reader.Int64(),
    };

    private static ImmutableArray<(string Silo, long Time)>? ReadSuspects(ref FieldReader reader)
    {
        var count = reader.Int32();
        if (count < 0)
        {
            return null;
        }

        var suspects = ImmutableArray.CreateBuilder<(string, long)>();
        for (var i = 0; i < count; i++)
        {
            suspects.Add((reader.Text(), reader.Int64()));
        }

        return suspects.ToImmutable();
    }

    private static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}
