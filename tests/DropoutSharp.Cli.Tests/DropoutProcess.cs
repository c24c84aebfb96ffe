using System.Diagnostics;

namespace DropoutSharp.Cli.Tests;

/// <summary>The built program, run as a user runs it.</summary>
internal static class DropoutProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs it to its end.</summary>
    public static Result Run(params IReadOnlyList<string> arguments) => Run(null, arguments);

    /// <summary>Runs it to its end in a folder.</summary>
    public static Result Run(string? folder, IReadOnlyList<string> arguments, Action<Process, string>? onError = null)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "dropout.dll"), .. arguments];
        if (OperatingSystem.IsLinux())
        {
            // What runs the tests in the background has their children ignore Ctrl-C; a user's shell does not.
            command = ["env", "--default-signal=INT", .. command];
        }

        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        List<string> errors = [];
        while (process.StandardError.ReadLine() is { } line)
        {
            errors.Add(line);
            onError?.Invoke(process, line);
        }

        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dropout {string.Join(' ', arguments)} must end within {Limit}; it did not.");
        }

        return new(process.ExitCode, output.Result, string.Join('\n', errors));
    }

    /// <summary>What a run left.</summary>
    internal sealed record Result(int ExitCode, string Output, string Error);
}
