namespace LifeRaft.Hosting;

/// <summary>A node stopped because its disk failed or an invariant broke. What to do: see the silo's log, mend the cause, restart the silo.</summary>
internal sealed class NodeStoppedException(string message, Exception? inner = null) : Exception(message, inner);
