using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// The spans of the activity source <c>LifeRaft</c>. A span that nobody listens to, or that is sampled out, is null, and everything that
/// is done with it is nothing. The page beside the instruments of LifeRaft.Hosting explains each.
/// </summary>
internal static class RaftActivities
{
    public const string SourceName = "LifeRaft";
    public const string Command = "liferaft.command";
    public const string Query = "liferaft.query";
    public const string Await = "liferaft.await";
    public const string Propose = "liferaft.propose";

    private static readonly ActivitySource _source = new(SourceName, typeof(RaftActivities).Assembly.GetName().Version?.ToString(3));

    /// <summary>A client's request, until there is an answer or an error.</summary>
    public static Activity? StartClient(string name, GroupName group, LogIndex? session = null)
    {
        if (!_source.HasListeners() || _source.StartActivity(name, ActivityKind.Client) is not { } activity)
        {
            return null;
        }

        activity.SetTag("liferaft.group", group.ToString());
        if (session is { } id)
        {
            activity.SetTag("liferaft.session", id.Value);
        }

        return activity;
    }

    /// <summary>
    /// A proposal on the node that it has reached, until it is applied or refused. It ends in another turn, so it is not left behind as
    /// the current one.
    /// </summary>
    public static Activity? StartProposal(GroupName group, string node)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var before = Activity.Current;
        var activity = _source.StartActivity(Propose);
        Activity.Current = before;
        return activity?.SetTag("liferaft.group", group.ToString()).SetTag("liferaft.node", node);
    }

    /// <summary>Notes in the span that the request failed. False, so that a filter of exceptions can note it and let it pass.</summary>
    public static bool Notes(this Activity? activity, Exception failure)
    {
        activity?.SetTag("error.type", failure.GetType().FullName);
        activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
        return false;
    }

    /// <summary>Ends the span of a proposal that was not applied.</summary>
    public static void Refuse(this Activity? activity, Outcome outcome)
    {
        activity?.SetTag("error.type", outcome.ToString());
        activity?.SetStatus(ActivityStatusCode.Error);
        activity?.Dispose();
    }
}
