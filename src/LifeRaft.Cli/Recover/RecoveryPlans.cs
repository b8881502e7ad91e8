using LifeRaft.Hosting;

namespace LifeRaft.Cli;

/// <summary>What the steps out of a disaster would do, said before they are done.</summary>
internal static class RecoveryPlans
{
    public static string FoundAnew(StoredNode node) =>
        $"""
         {node.Node} would become the only voter of a NEW group that holds everything up to entry {node.Last.Index} of term {node.Last.Term}.
         Of the old group ({node.Identity.Group}) it knows the members {string.Join(", ", node.Configuration.Everyone.Select(member => member.Address))}.

           Writes that were acknowledged and lie only on other members' disks would be LOST.
           Writes that were never acknowledged and lie in this log would come into force.

         Before you do it: can the silos of a majority be started again? Then start them, and nothing is lost. Else look at every disk
         that is left, and take the node with the highest last term, and among those the highest last index. Copy the directory first.

         """;

    public static string Forget(StoredNode node) => $"{node.Node} (group {node.Identity.Group}) would be deleted from this disk with everything up to entry {node.Last.Index} of term {node.Last.Term}.";
}
