using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LifeRaft;

/// <summary>The bounds of what may be asked, which client and machine share.</summary>
internal static class LockRules
{
    public const int MaximumNameBytes = 512;
    public const int MaximumValueBytes = 1024;

    /// <summary>Holders and waiters of one lock together.</summary>
    public const int MaximumRequestsOfLock = 10_000;

    /// <summary>Holders and waiters of all locks of a group together.</summary>
    public const int MaximumRequests = 1_000_000;

    /// <summary>How many requests one command keeps alive.</summary>
    public const int MaximumBatch = 1_000;

    public static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestTimeToLive = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    /// <summary>
    /// How long a withdrawn request is remembered, so that a copy of it that was under way for longer is not taken for a new one.
    /// Orleans gives up a message after 30 s.
    /// </summary>
    public static readonly TimeSpan Remembrance = TimeSpan.FromMinutes(1);

    /// <exception cref="InvalidRequestException">It cannot be the name of a lock.</exception>
    public static void RequireName([NotNull] string? name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bytes = CountBytes(name, "A lock's name");
        if (bytes is 0 or > MaximumNameBytes)
        {
            throw new InvalidRequestException($"A lock's name has 1 to {MaximumNameBytes} bytes of UTF-8, but this one has {bytes}. Shorten it, or hash it.");
        }
    }

    /// <exception cref="InvalidRequestException">No name can begin so.</exception>
    public static void RequirePrefix([NotNull] string? prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (CountBytes(prefix, "A prefix") is var bytes and > MaximumNameBytes)
        {
            throw new InvalidRequestException($"A prefix has at most {MaximumNameBytes} bytes of UTF-8, but this one has {bytes}. No lock's name is so long.");
        }
    }

    /// <exception cref="InvalidRequestException">It is out of range.</exception>
    public static void RequireTimeToLive(TimeSpan timeToLive)
    {
        if (timeToLive < ShortestTimeToLive || timeToLive > LongestTimeToLive)
        {
            throw new InvalidRequestException($"A time to live is from {ShortestTimeToLive.TotalSeconds} s to {LongestTimeToLive.TotalHours} h, but is {timeToLive}.");
        }
    }

    /// <exception cref="InvalidRequestException">It is out of range.</exception>
    public static void RequireTimeout(TimeSpan timeout)
    {
        if ((timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan) || timeout > LongestTimeout)
        {
            throw new InvalidRequestException($"A time to wait is from zero to {LongestTimeout.TotalDays} days, or infinite, but is {timeout}.");
        }
    }

    /// <exception cref="InvalidRequestException">It is too long.</exception>
    public static void RequireValue(int bytes)
    {
        if (bytes is < 0 or > MaximumValueBytes)
        {
            throw new InvalidRequestException($"The value that a holder shows has at most {MaximumValueBytes} bytes, but this one has {bytes}. Keep it elsewhere, and show where.");
        }
    }

    /// <summary>What a machine asks of a request, whoever sent it.</summary>
    /// <exception cref="InvalidRequestException">It breaks a bound.</exception>
    public static void Require(AcquireLock request)
    {
        RequireName(request.Name);
        RequireTimeToLive(request.TimeToLive);
        RequireValue(request.Value.Length);
        if (request.Id == Guid.Empty || !Enum.IsDefined(request.Mode) || request.Limit is < 0 or > MaximumRequestsOfLock || (request.Limit > 0 && request.Mode != LockMode.Shared))
        {
            throw new InvalidRequestException($"A request {request.Id} for {request.Mode} of {request.Limit} is none of this client's. Update the client, or the silos.");
        }
    }

    /// <exception cref="InvalidRequestException">It is no Unicode text.</exception>
    public static void RequireText(string text, string what) => CountBytes(text, what);

    private static int CountBytes(string text, string what)
    {
        try
        {
            return LockCodec.Text.GetByteCount(text);
        }
        catch (EncoderFallbackException failure)
        {
            throw new InvalidRequestException($"{what} must be Unicode text, but has half of a surrogate pair at position {failure.Index}. Escape or encode it first.");
        }
    }
}
