namespace DropoutSharp.Cli.Invocation;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>It did what was asked.</summary>
    public const int Success = 0;

    /// <summary>A defect of the program, or a check that failed (as of <c>dropout doctor</c>).</summary>
    public const int Failure = 1;

    /// <summary>A mistake of the user's that one line on stderr explains.</summary>
    public const int UserError = 2;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT); what had been done by then is saved.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM (128 + SIGTERM); what had been done by then is saved.</summary>
    public const int Terminated = 143;
}
