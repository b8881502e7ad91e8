namespace LifeRaft.Samples;

/// <summary>A guest, as any Orleans application has one: nothing here knows of Raft.</summary>
[Alias("guest")]
public interface IGuest : IGrainWithStringKey
{
    /// <summary>Counts a visit; returns the how-manieth it is.</summary>
    Task<int> Visit();

    /// <summary>Asks to be woken.</summary>
    Task WakeMe(TimeSpan after);

    /// <summary>How often the guest was woken.</summary>
    Task<int> Woken();
}

[GenerateSerializer, Alias("guest.book")]
public sealed class GuestBook
{
    [Id(0)]
    public int Visits { get; set; }

    [Id(1)]
    public int Woken { get; set; }
}

public sealed class GuestGrain([PersistentState("book")] IPersistentState<GuestBook> book) : Grain, IGuest, IRemindable
{
    public async Task<int> Visit()
    {
        book.State.Visits++;

        // It returns when a majority has it on disk. If somebody else has written since it was read, it throws InconsistentStateException
        // and the grain is activated anew. If nobody can tell whether it was written, the inner exception is an OutcomeUnknownException.
        await book.WriteStateAsync();
        return book.State.Visits;
    }

    public Task WakeMe(TimeSpan after) => this.RegisterOrUpdateReminder("wake", after, after);

    public Task<int> Woken() => Task.FromResult(book.State.Woken);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        book.State.Woken++;
        await book.WriteStateAsync();
    }
}
