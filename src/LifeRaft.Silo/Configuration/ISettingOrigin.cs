namespace LifeRaft.Silo;

/// <summary>A source of settings that says how each is called there.</summary>
internal interface ISettingOrigin
{
    /// <summary>What a reader looks for.</summary>
    string OriginOf(string path);
}
