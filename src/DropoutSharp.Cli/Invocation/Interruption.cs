using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DropoutSharp.Cli.Invocation;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    // Who sends a signal to a process and its group, as timeout does, sends it twice at once and means it once.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _gate = new();
    private readonly TextWriter _error;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode;
    private long _heard;

    /// <summary>Starts to listen.</summary>
    /// <param name="error">Where it says that it heard.</param>
    public Interruption(TextWriter error)
    {
        _error = error;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Invocation.ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, Invocation.ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that tells which signal it was.</summary>
    public int ExitCode => _exitCode == 0 ? Invocation.ExitCode.Interrupted : _exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, int code)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (_exitCode == 0)
            {
                (_exitCode, _heard) = (code, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(_heard) < Echo)
            {
                return;
            }
            else
            {
                // Not waiting for anyone: whoever asks twice means it. Files are renamed into place, so nothing is half written.
                Environment.Exit(code);
            }
        }

        _error.WriteLine();
        _error.WriteLine("Stopping; Ctrl-C again ends at once.");
        _source.Cancel();
    }
}
