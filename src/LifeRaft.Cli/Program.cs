using LifeRaft.Cli;

return await Tool.Run(args, Console.Out, Console.Error);
