using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>A bar on the standard error while something takes long, if that is a terminal; nothing elsewhere.</summary>
internal static class ProgressBar
{
    /// <summary>Does the work, which tells of how far it is: so much of so much. A total of zero or less is not known yet.</summary>
    public static Task<T> While<T>(CommandRun run, string what, Func<Action<long, long>, Task<T>> work)
    {
        if (!Terminal.Is(run.Error))
        {
            return work((_, _) => { });
        }

        return Terminal.ConsoleOn(run.Error).Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask(Markup.Escape(what), autoStart: true, maxValue: 1);
                task.IsIndeterminate = true;
                return work((done, all) =>
                {
                    if (all > 0)
                    {
                        task.IsIndeterminate = false;
                        task.MaxValue = all;
                        task.Value = done;
                    }
                });
            });
    }
}
