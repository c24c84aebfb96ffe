using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout doctor</c>: what was found on this machine, and the true cause where something is missing.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "doctor",
            "Says what it found on this machine: versions, vector width, threads, how libtorch was loaded; and where something is missing, what and why.",
            "dropout doctor",
            "dropout doctor --json")
        {
            NeedsLibtorch = false,
        };
        Option<bool> json = CommonOptions.Json("one object");
        command.Options.Add(json);
        command.Handle((parsed, context) =>
        {
            RuntimeReport report = LibtorchRuntime.Inspect();
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, report);
            }
            else
            {
                Write(report, context.Output);
            }

            return report.IsReady ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static void Write(RuntimeReport report, TextWriter output)
    {
        Line("dropout", report.DropoutSharpVersion);
        Line("TorchSharp", report.TorchSharpVersion);
        Line("libtorch", report.LibtorchVersion + (report.HasCuda is bool cuda ? cuda ? ", with CUDA" : ", on the CPU" : ", not loaded"));
        Line(".NET", report.DotNetVersion);
        Line("system", string.Join(", ", new[] { report.OperatingSystem, report.CLibrary, report.Architecture }.Where(static text => text is not null)));
        Line("processors", Number(report.Processors));
        Line("vectors", report.VectorBits == 0 ? "none: the kernels run one element at a time" : $"{Number(report.VectorBits)} bits");
        if (report.Threads is int threads)
        {
            Line("threads", Number(threads));
        }

        Line("loading", report.Loader switch
        {
            LoaderHelp.NotNeeded => "libtorch loads without help",
            LoaderHelp.Located => "libtorch was found where the system did not look",
            LoaderHelp.PrivateCopy => "libtorch loads by a private copy, because this system's C++ library is older than the one that it names",
            _ => "libtorch does not load",
        });
        if (report.LoadedFile is not null)
        {
            Line("", report.LoadedFile);
        }

        output.WriteLine();
        foreach (string problem in report.Problems)
        {
            output.WriteLine($"Problem: {problem}");
        }

        if (report.IsReady)
        {
            output.WriteLine("Everything is ready.");
        }

        void Line(string name, string text) => output.WriteLine($"{name,-12}{text}");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
