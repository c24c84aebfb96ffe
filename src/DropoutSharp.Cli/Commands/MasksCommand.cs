using System.CommandLine;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab.Pictures;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout masks</c>: what each variant drops, as pictures of characters.</summary>
internal static class MasksCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "masks",
            "Shows what each variant drops: a picture of a mask of every one, drawn by the modules themselves.",
            "dropout masks",
            "dropout masks --rate 0.5 --seed 7");
        Option<double> rate = NumberOption.Create("--rate", "The drop rate", 0.3, 0, 1);
        Option<ulong> seed = CommonOptions.Seed("The key of the masks");
        Option<bool> json = CommonOptions.Json("one object a variant");
        foreach (Option option in (Option[])[rate, seed, json])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            foreach (MaskPicture picture in MaskPictures.Draw(parsed.GetValue(rate), parsed.GetValue(seed)))
            {
                if (parsed.GetValue(json))
                {
                    JsonOutput.Write(context.Output, picture);
                    continue;
                }

                context.Output.WriteLine($"{picture.Variant} ({picture.Axes})");
                foreach (string line in picture.Lines)
                {
                    context.Output.WriteLine($"  {line}");
                }

                context.Output.WriteLine();
            }

            return ExitCode.Success;
        });
        return command;
    }
}
