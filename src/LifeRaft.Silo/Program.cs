return await LifeRaft.Silo.SiloProgram.Run(args, Console.Out, Console.Error);
