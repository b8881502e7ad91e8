namespace LifeRaft.Silo;

/// <summary>The value of this setting is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
