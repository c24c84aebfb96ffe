using DropoutSharp.Cli.Invocation;

return DropoutProgram.Run(args);
