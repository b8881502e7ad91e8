using Xunit.Sdk;
using Xunit.v3;

// Most of these tests start processes: at the same time they would mostly wait for each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
