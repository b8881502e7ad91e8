using System.Diagnostics.CodeAnalysis;

namespace LifeRaft;

/// <summary>Answers a query if there is an answer yet; it changes nothing.</summary>
/// <param name="query">The query.</param>
/// <param name="result">The answer, if there is one.</param>
/// <typeparam name="TQuery">The query's type.</typeparam>
/// <typeparam name="TResult">Its result.</typeparam>
/// <returns>Whether there is one; false to be asked again when the state has changed.</returns>
public delegate bool AwaitHandler<in TQuery, TResult>(TQuery query, [MaybeNullWhen(false)] out TResult result);
