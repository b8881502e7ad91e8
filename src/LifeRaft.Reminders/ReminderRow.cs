using System.Globalization;
using System.Text;
using Orleans;
using Orleans.Runtime;

namespace LifeRaft.Reminders;

/// <summary>
/// A reminder as the value of its key: the version of this form (1 byte), start and period (8 bytes each), then the grain's type, its key and
/// the reminder's name, each behind its length. Its ETag is the revision of the entry.
/// </summary>
internal static class ReminderRow
{
    private const byte Form = 1;

    public static byte[] Encode(ReminderEntry reminder)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(Form);
            writer.Write(reminder.StartAt.ToBinary());
            writer.Write(reminder.Period.Ticks);
            Write(writer, reminder.GrainId.Type.AsSpan());
            Write(writer, reminder.GrainId.Key.AsSpan());
            Write(writer, Encoding.UTF8.GetBytes(reminder.ReminderName));
        }

        return stream.ToArray();
    }

    /// <exception cref="FormatException">The entry is no reminder of a form that this version knows.</exception>
    public static ReminderEntry Decode(KeyValueEntry entry)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(entry.Value.ToArray()));
            if (reader.ReadByte() == Form)
            {
                return new ReminderEntry
                {
                    StartAt = DateTime.FromBinary(reader.ReadInt64()),
                    Period = new TimeSpan(reader.ReadInt64()),
                    GrainId = GrainId.Create(new GrainType(Read(reader)), new IdSpan(Read(reader))),
                    ReminderName = Encoding.UTF8.GetString(Read(reader)),
                    ETag = ETagOf(entry),
                };
            }
        }
        catch (EndOfStreamException)
        {
            // As below.
        }

        throw new FormatException($"The value of '{entry.Key}' is no reminder that this version can read: update the silo, or look who else writes to the group.");
    }

    public static string ETagOf(KeyValueEntry entry) => entry.Revision.ToString(CultureInfo.InvariantCulture);

    /// <summary>False for what is no ETag of ours, and so of no reminder.</summary>
    public static bool TryReadETag(string? etag, out long revision) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out revision) && revision > 0;

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] Read(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var bytes = length < 0 ? [] : reader.ReadBytes(Math.Min(length, KeyValueCommand.MaximumBytes));
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }
}
