namespace LifeRaft.Docker.Tests;

/// <summary>
/// The image, built once for all the tests that need it. With the variable DOCKER_TESTS_IMAGE, the path of a folder, it is kept there and
/// taken from there: while one works on the tests, not on what they test.
/// </summary>
public sealed class BuiltImage : IDisposable
{
    private readonly string? _kept = Environment.GetEnvironmentVariable("DOCKER_TESTS_IMAGE");
    private readonly DirectoryInfo _folder;
    private readonly Lazy<string> _root;

    public BuiltImage()
    {
        _folder = _kept is null ? Directory.CreateTempSubdirectory("liferaft-image-") : Directory.CreateDirectory(_kept);
        _root = new(Build);
    }

    /// <summary>The folder with what the image has beside its base image. Building it takes a minute or two.</summary>
    public string Root => _root.Value;

    public void Dispose()
    {
        if (_kept is null)
        {
            _folder.Delete(recursive: true);
        }
    }

    private string Build()
    {
        var note = Path.Combine(_folder.FullName, "built");
        if (!File.Exists(note))
        {
            File.WriteAllText(note, ImageBuild.Run(_folder.FullName));
        }

        return File.ReadAllText(note);
    }
}
