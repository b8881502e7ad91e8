namespace LifeRaft.Silo;

/// <summary>Asks the silo that runs with these settings whether it is ready: what a container's health check calls.</summary>
internal static class HealthQuestion
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public static async Task<bool> Ask(SiloConfiguration configuration, TextWriter output)
    {
        // Whatever certificate it shows: the silo runs with the one of its start, and the files may have the next one already. Nothing secret is
        // sent, and it is this very machine that is asked.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler) { Timeout = _patience };
        var url = new Uri(HttpListening.OwnUrl(configuration.Http), SiloHealth.ReadyPath);
        try
        {
            using var answer = await http.GetAsync(url);
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"{url} does not answer: {failure.GetBaseException().Message}");
            return false;
        }
    }
}
