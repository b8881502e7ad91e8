return await LifeRaft.Chaos.Tool.Run(args, Console.Out, Console.Error);
