return LifeRaft.Simulation.Tool.Run(args, Console.Out, Console.Error);
