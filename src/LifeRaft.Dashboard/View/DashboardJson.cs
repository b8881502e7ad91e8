using System.Text.Json;
using System.Text.Json.Serialization;
using LifeRaft.Protocol;

namespace LifeRaft.Dashboard;

/// <summary>How the views become JSON; made when the project is built, so that no message costs reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Words<GroupHealth>), typeof(Words<RaftState>), typeof(Words<JournalKind>)])]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(GroupView))]
[JsonSerializable(typeof(EventsView))]
[JsonSerializable(typeof(HelloMessage))]
[JsonSerializable(typeof(StateMessage))]
[JsonSerializable(typeof(EventsMessage))]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(ActionResult))]
[JsonSerializable(typeof(OperatorView))]
[JsonSerializable(typeof(ProblemView))]
internal sealed partial class DashboardJson : JsonSerializerContext;

/// <summary>What is answered instead of what was asked for.</summary>
internal sealed record ProblemView(string Error);

/// <summary>Enumerations as words in camel case.</summary>
internal sealed class Words<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
