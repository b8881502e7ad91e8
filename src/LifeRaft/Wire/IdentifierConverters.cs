using LifeRaft.Protocol;

namespace LifeRaft;

// How the protocol's value types travel in Orleans messages: the protocol itself knows nothing of Orleans.

/// <summary>A term or index on the wire.</summary>
[GenerateSerializer]
[Alias("liferaft.long")]
internal struct LongSurrogate
{
    /// <summary>The value.</summary>
    [Id(0)]
    public long Value;
}

/// <summary>An id on the wire.</summary>
[GenerateSerializer]
[Alias("liferaft.guid")]
internal struct GuidSurrogate
{
    /// <summary>The value.</summary>
    [Id(0)]
    public Guid Value;
}

[RegisterConverter]
internal sealed class TermConverter : IConverter<Term, LongSurrogate>
{
    public Term ConvertFromSurrogate(in LongSurrogate surrogate) => new(surrogate.Value);

    public LongSurrogate ConvertToSurrogate(in Term value) => new() { Value = value.Value };
}

[RegisterConverter]
internal sealed class LogIndexConverter : IConverter<LogIndex, LongSurrogate>
{
    public LogIndex ConvertFromSurrogate(in LongSurrogate surrogate) => new(surrogate.Value);

    public LongSurrogate ConvertToSurrogate(in LogIndex value) => new() { Value = value.Value };
}

[RegisterConverter]
internal sealed class MemberIdConverter : IConverter<MemberId, GuidSurrogate>
{
    public MemberId ConvertFromSurrogate(in GuidSurrogate surrogate) => new(surrogate.Value);

    public GuidSurrogate ConvertToSurrogate(in MemberId value) => new() { Value = value.Value };
}

[RegisterConverter]
internal sealed class GroupIdConverter : IConverter<GroupId, GuidSurrogate>
{
    public GroupId ConvertFromSurrogate(in GuidSurrogate surrogate) => new(surrogate.Value);

    public GuidSurrogate ConvertToSurrogate(in GroupId value) => new() { Value = value.Value };
}

/// <summary>The pace of a group on the wire.</summary>
[GenerateSerializer]
[Alias("liferaft.timings")]
internal struct GroupTimingsSurrogate
{
    [Id(0)]
    public TimeSpan Heartbeat;

    [Id(1)]
    public TimeSpan ElectionMin;

    [Id(2)]
    public TimeSpan ElectionMax;

    [Id(3)]
    public double Threshold;
}

[RegisterConverter]
internal sealed class GroupTimingsConverter : IConverter<GroupTimings, GroupTimingsSurrogate>
{
    public GroupTimings ConvertFromSurrogate(in GroupTimingsSurrogate surrogate) =>
        new(surrogate.Heartbeat, surrogate.ElectionMin, surrogate.ElectionMax, surrogate.Threshold);

    public GroupTimingsSurrogate ConvertToSurrogate(in GroupTimings value) => new()
    {
        Heartbeat = value.Heartbeat,
        ElectionMin = value.ElectionMin,
        ElectionMax = value.ElectionMax,
        Threshold = value.Threshold,
    };
}
