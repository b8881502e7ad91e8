namespace LifeRaft.Simulation;

/// <summary>What a judge found.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Detail">How it was broken.</param>
/// <param name="At">When, in virtual time.</param>
internal sealed record BrokenRule(string Rule, string Detail, TimeSpan At);
