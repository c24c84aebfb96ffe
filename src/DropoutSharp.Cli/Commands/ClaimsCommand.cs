using System.CommandLine;
using System.Globalization;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab;
using DropoutSharp.Lab.Claims;
using DropoutSharp.Lab.Claims.Reporting;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout claims</c>: what is said about dropout, each statement tried on data.</summary>
internal static class ClaimsCommand
{
    private const string DefaultFolder = "runs/claims";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "claims",
            "Tries what is said about dropout on data: what is claimed, what was measured with its interval, and whether it holds by a rule that is fixed in the code.",
            "dropout claims",
            "dropout claims rates --full",
            "dropout claims --evidence docs/evidence.md");
        Argument<string[]> names = new("NAME")
        {
            Description = $"Claims by name or number; all where none is given: {string.Join(", ", ClaimCatalog.All.Select(static claim => claim.Name))}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> full = new("--full") { Description = "The long form: more seeds, longer training." };
        Option<bool> wantsJson = CommonOptions.Json("one object a claim, as it is found");
        Option<string?> data = new("--data")
        {
            Description = "Images or a table of classes to try them on, as compare takes them (default: the embedded digits).",
            HelpName = "PATH",
        };
        Option<string> output = new("--output")
        {
            Description = $"The folder for claims.html, a page with a picture a claim (default: {DefaultFolder}).",
            HelpName = "FOLDER",
            DefaultValueFactory = static _ => DefaultFolder,
        };
        Option<string?> evidence = new("--evidence")
        {
            Description = "Write a Markdown document too, with its pictures in a folder of its name beside it.",
            HelpName = "FILE",
        };
        Option<int?> threads = NumberOption.CreateOptional<int>("--threads", "How many trainings run at once", "as many as there are processors", 1, 1024);
        Option<ulong> seed = CommonOptions.Seed("Decides splits, first weights, row orders and masks");
        command.Arguments.Add(names);
        foreach (Option option in (Option[])[full, wantsJson, data, output, evidence, threads, seed])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            IReadOnlyList<Claim> claims = ClaimCatalog.Find(parsed.GetValue(names) ?? []);
            ClaimOptions options = new()
            {
                Full = parsed.GetValue(full),
                DataPath = parsed.GetValue(data),
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
                Seed = parsed.GetValue(seed),
            };
            List<ClaimResult> results = [];
            try
            {
                bool json = parsed.GetValue(wantsJson);
                Action<Claim, string>? skip = parsed.GetValue(names) is { Length: > 0 }
                    ? null
                    : (claim, lacking) => context.Error.WriteLine($"    {claim.Name} was not tried: it needs {lacking}.");
                foreach (ClaimResult result in ClaimRunner.Run(Announced(claims, context, json), options, context.Cancellation, skip))
                {
                    results.Add(result);
                    if (json)
                    {
                        JsonOutput.Write(context.Output, result);
                    }
                    else
                    {
                        ClaimTextReport.Write(result, context.Output);
                    }
                }
            }
            finally
            {
                // What was found by Ctrl-C is kept; the document is of whole runs alone.
                if (results.Count > 0)
                {
                    SavePage(results, parsed.GetValue(output)!, context);
                }
            }

            if (parsed.GetValue(evidence) is { } document)
            {
                Save(document, () => ClaimEvidence.Write(results, CommandLine(parsed.GetValue(names) ?? [], options, document), document));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void SavePage(List<ClaimResult> results, string folder, CommandContext context)
    {
        string page = Path.Combine(folder, "claims.html");
        Save(page, () =>
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(page + ".partial", ClaimPage.Render(results));
            File.Move(page + ".partial", page, overwrite: true);
        });
        context.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{results.Count(static result => result.Verdict == ClaimVerdict.Holds)} of {results.Count} claims hold ({results.Sum(static result => result.Seconds):0} s). {page}"));
    }

    private static IEnumerable<Claim> Announced(IReadOnlyList<Claim> claims, CommandContext context, bool quiet)
    {
        for (int i = 0; i < claims.Count; i++)
        {
            if (!quiet)
            {
                context.Error.WriteLine($"[{i + 1}/{claims.Count}] {claims[i].Name} …");
            }

            yield return claims[i];
        }
    }

    private static string CommandLine(string[] names, ClaimOptions options, string document) => string.Join(' ', (string[])
    [
        "dropout claims",
        .. names,
        .. options.Full ? ["--full"] : Array.Empty<string>(),
        .. options.DataPath is { } path ? [$"--data {path}"] : Array.Empty<string>(),
        .. options.Seed != 0 ? [string.Create(CultureInfo.InvariantCulture, $"--seed {options.Seed}")] : Array.Empty<string>(),
        $"--evidence {document}",
    ]);

    private static void Save(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' must be a file that can be written; {failure.Message}", failure);
        }
    }
}
