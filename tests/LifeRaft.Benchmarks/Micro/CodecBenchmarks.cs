using BenchmarkDotNet.Attributes;
using LifeRaft.Protocol;

namespace LifeRaft.Benchmarks;

/// <summary>The message that carries entries of 256 bytes to a follower. Per message.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private AppendRequest _message = null!;
    private byte[] _encoded = [];

    /// <summary>How many entries it carries.</summary>
    [Params(1, 64)]
    public int Entries { get; set; }

    /// <summary>Prepares the message.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _message = new AppendRequest
        {
            Group = new GroupId(Guid.NewGuid()),
            From = new MemberId(Guid.NewGuid()),
            To = new MemberId(Guid.NewGuid()),
            Term = new Term(1),
            PreviousIndex = new LogIndex(1000),
            PreviousTerm = new Term(1),
            Entries = MicroEntries.From(1001, Entries),
            Commit = new LogIndex(1000),
        };
        _encoded = MessageCodec.Encode(_message);
    }

    /// <summary>To bytes.</summary>
    [Benchmark]
    public byte[] Encode() => MessageCodec.Encode(_message);

    /// <summary>From bytes.</summary>
    [Benchmark]
    public object Decode() => MessageCodec.Decode(_encoded);
}
