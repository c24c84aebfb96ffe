using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DropoutSharp.Cli.Invocation;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    // Who sends a signal to a process and its group, as timeout does, sends it twice at once and means it once.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource source = new();
    private readonly Lock gate = new();
    private readonly TextWriter error;
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;
    private int exitCode;
    private long heard;

    /// <summary>Starts to listen.</summary>
    /// <param name="error">Where it says that it heard.</param>
    public Interruption(TextWriter error)
    {
        this.error = error;
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Invocation.ExitCode.Interrupted));
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, Invocation.ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The exit code that tells which signal it was.</summary>
    public int ExitCode => exitCode == 0 ? Invocation.ExitCode.Interrupted : exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        source.Dispose();
    }

    private void Stop(PosixSignalContext context, int code)
    {
        context.Cancel = true;
        lock (gate)
        {
            if (exitCode == 0)
            {
                (exitCode, heard) = (code, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(heard) < Echo)
            {
                return;
            }
            else
            {
                // Not waiting for anyone: whoever asks twice means it. Files are renamed into place, so nothing is half written.
                Environment.Exit(code);
            }
        }

        error.WriteLine();
        error.WriteLine("Stopping; Ctrl-C again ends at once.");
        source.Cancel();
    }
}
