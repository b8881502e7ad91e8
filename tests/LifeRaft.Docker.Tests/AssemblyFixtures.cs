using LifeRaft.Docker.Tests;

[assembly: AssemblyFixture(typeof(BuiltImage))]
