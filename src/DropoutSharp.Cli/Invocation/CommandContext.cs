namespace DropoutSharp.Cli.Invocation;

/// <summary>What the program lends to a command while it runs.</summary>
/// <param name="Output">For the result alone: what a pipe should carry on.</param>
/// <param name="Error">For progress, notes and errors.</param>
/// <param name="Time">The clock.</param>
/// <param name="Interruption">Listens for Ctrl-C and SIGTERM.</param>
internal sealed record CommandContext(TextWriter Output, TextWriter Error, TimeProvider Time, Interruption Interruption)
{
    /// <summary>Cancelled by the first Ctrl-C or SIGTERM; the command then saves what it has and returns <see cref="StoppedExitCode"/>.</summary>
    public CancellationToken Cancellation => Interruption.Token;

    /// <summary>The exit code of a command that stopped because it was asked to.</summary>
    public int StoppedExitCode => Interruption.ExitCode;
}
