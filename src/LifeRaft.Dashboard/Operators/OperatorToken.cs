using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace LifeRaft.Dashboard;

/// <summary>
/// What operators must know to change things from the page, where the host has no accounts of its own. Only a hash of it is kept, and what is
/// presented is compared in a time that says nothing of how much of it is right.
/// </summary>
public sealed class OperatorToken
{
    /// <summary>The fewest characters: fewer can be guessed.</summary>
    public const int MinimumLength = 32;

    /// <summary>The most characters: more than any header needs.</summary>
    public const int MaximumLength = 1024;

    // RFC 6750, 2.1: what may follow "Bearer ".
    private static readonly SearchValues<char> _allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private readonly byte[] _hash;

    /// <param name="token">The token, as <see cref="ProblemOf"/> wants it.</param>
    /// <exception cref="ArgumentException">It is no such token.</exception>
    public OperatorToken(string token)
    {
        if (ProblemOf(token) is { } problem)
        {
            throw new ArgumentException($"The operators' token cannot be used: {problem}", nameof(token));
        }

        _hash = HashOf(token);
    }

    /// <summary>What is wrong with a token; null for nothing. The token itself is not in the answer.</summary>
    /// <param name="token">
    /// <see cref="MinimumLength"/> to <see cref="MaximumLength"/> letters, digits and <c>-._~+/=</c>, for instance what <c>openssl rand -hex 32</c> writes.
    /// </param>
    public static string? ProblemOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token switch
        {
            { Length: < MinimumLength or > MaximumLength } => $"it has {token.Length} characters, but must have {MinimumLength} to {MaximumLength}.",
            _ when token.AsSpan().ContainsAnyExcept(_allowed) => "it has a character that cannot be sent. Letters, digits and -._~+/= can be.",
            _ => null,
        };
    }

    /// <summary>Whether this is the token.</summary>
    internal bool Is(string presented) => CryptographicOperations.FixedTimeEquals(HashOf(presented), _hash);

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
