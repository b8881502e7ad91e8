using System.Text.Json;

namespace LifeRaft.Benchmarks;

/// <summary>Rows of {system, workload, clients, value_bytes, per_second, p50_us, p99_us, p999_us, cpu_us_per_op, bytes_per_op}.</summary>
internal static class MeasurementFile
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static async Task Write(FileInfo file, IReadOnlyList<Measurement> rows, CancellationToken cancellationToken)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, rows, _options, cancellationToken);
    }
}
