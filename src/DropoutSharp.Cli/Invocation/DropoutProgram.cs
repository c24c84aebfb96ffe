using System.CommandLine;
using System.CommandLine.Help;
using DropoutSharp.Cli.Commands;
using DropoutSharp.Lab;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Invocation;

/// <summary>The program <c>dropout</c>: parses, runs one command, and turns every failure into one line and an exit code.</summary>
internal static class DropoutProgram
{
    /// <summary>Set to 1, it shows the stack trace of a defect, as <c>--verbose</c> does.</summary>
    public const string VerboseVariable = "DROPOUT_VERBOSE";

    private const string IssuesAddress = "the project's issue tracker";

    /// <summary>Shows the stack trace of a defect.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = $"Show the stack trace where the program fails (also: {VerboseVariable}=1).",
        Recursive = true,
    };

    /// <summary>Runs the program on the console.</summary>
    /// <param name="args">The command line without the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args) => Run(args, Console.Out, Console.Error, TimeProvider.System);

    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For progress and errors.</param>
    /// <param name="time">The clock.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, TimeProvider time)
    {
        bool verbose = Environment.GetEnvironmentVariable(VerboseVariable) is "1" or "true" || args.Contains(Verbose.Name);
        RootCommand root = CreateRoot();
        ParseResult parsed = root.Parse(args.Count == 0 ? ["--help"] : args);
        if (parsed.Action is not ExamplesHelpAction && ParseErrorText.Of(parsed) is { } mistake)
        {
            error.WriteLine(OneLine($"error: {mistake}"));
            return ExitCode.UserError;
        }

        using Interruption interruption = new(error);
        try
        {
            if (parsed.Action is CliCommand.HandlerAction action)
            {
                action.Context = new(output, error, time, interruption);
            }

            return parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (UserErrorException userError)
        {
            error.WriteLine(OneLine($"error: {userError.Message}"));
            return ShowTrace(userError, ExitCode.UserError);
        }
        catch (LibtorchLoadException missing)
        {
            error.WriteLine(OneLine($"error: {missing.Message}"));
            return ShowTrace(missing, ExitCode.Failure);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            error.WriteLine("Stopped.");
            return interruption.ExitCode;
        }
        catch (IOException closed) when (IsClosedPipe(closed))
        {
            // The reader of our output went away, as head does: nothing is wrong, nobody listens.
            return ExitCode.Success;
        }
#pragma warning disable CA1031 // The last stop: whatever it is, the user sees one line and the way to report it.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            error.WriteLine(OneLine(
                $"unexpected error: {defect.GetType().Name}: {defect.Message} (a defect of dropout; please report it at {IssuesAddress} with the trace that --verbose shows)"));
            return ShowTrace(defect, ExitCode.Failure);
        }

        int ShowTrace(Exception exception, int exitCode)
        {
            if (verbose)
            {
                error.WriteLine(exception);
            }

            return exitCode;
        }
    }

    /// <summary>The root command with every command below it.</summary>
    internal static RootCommand CreateRoot()
    {
        RootCommand root = new("Which dropout does my model need, at what rate, what do I gain, and how sure is it?")
        {
            // One line a command, in the order in which they are useful.
            // Commands:
            CompareCommand.Create(),
            TrainCommand.Create(),
            PredictCommand.Create(),
            CalibrateCommand.Create(),
            PruneCommand.Create(),
            DistillCommand.Create(),
            InspectCommand.Create(),
            ClaimsCommand.Create(),
            BenchCommand.Create(),
            MaskCommand.Create(),
            MasksCommand.Create(),
            DoctorCommand.Create(),
            UncertaintyCommand.Create(),
            ReproduceCommand.Create(),
        };
        root.Options.Add(Verbose);
        foreach (Option option in root.Options)
        {
            switch (option)
            {
                case HelpOption { Action: HelpAction standard } help:
                    help.Description = "Show this help.";
                    help.Action = new ExamplesHelpAction(standard);
                    break;
                case VersionOption version:
                    version.Description = "Show the version.";
                    break;
            }
        }

        return root;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static bool IsClosedPipe(IOException exception) => (exception.HResult & 0xFFFF) is 32 or 109 or 232;
}
