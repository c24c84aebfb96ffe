using System.CommandLine;
using DropoutSharp.Cli.Invocation;
using DropoutSharp.Cli.Options;
using DropoutSharp.Lab;

namespace DropoutSharp.Cli.Commands;

/// <summary><c>dropout mask</c>: a stretch of a mask, so that anyone can hold another implementation against it.</summary>
internal static class MaskCommand
{
    private const int Block = 1 << 16;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        CliCommand command = new(
            "mask",
            "Prints a stretch of a mask on one line: 1 where an element is kept, 0 where it is dropped.",
            "dropout mask --count 256",
            "dropout mask --seed 42 --step 7 --site 3 --first 5 --count 300 --keep 0.9");
        Option<ulong> seed = CommonOptions.Seed("The key of the mask stream");
        Option<uint> step = NumberOption.Create<uint>("--step", "How many masks the site has drawn before", 0, 0, uint.MaxValue);
        Option<uint> site = NumberOption.Create<uint>("--site", "Which place of a model draws", 0, 0, uint.MaxValue);
        Option<long> first = NumberOption.Create<long>("--first", "The index of the first element in the whole mask", 0, 0, MaskStream.MaxElements - 1);
        Option<long> count = NumberOption.Create<long>("--count", "How many elements are printed", 128, 0, MaskStream.MaxElements);
        Option<double> keep = NumberOption.Create("--keep", "The keep probability", 0.5, 0, 1);
        foreach (Option option in (Option[])[seed, step, site, first, count, keep])
        {
            command.Options.Add(option);
        }

        command.Handle((parsed, context) =>
        {
            long from = parsed.GetValue(first), left = parsed.GetValue(count);
            if (left > MaskStream.MaxElements - from)
            {
                throw new UserErrorException($"--first and --count must end by element 2^62; received {left} elements from {from}.");
            }

            MaskStream stream = new(parsed.GetValue(seed), parsed.GetValue(step), parsed.GetValue(site));
            Write(context.Output, stream, DropRate.FromKeepProbability(parsed.GetValue(keep)), from, left, context.Cancellation);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(TextWriter output, MaskStream stream, DropRate dropRate, long first, long left, CancellationToken cancellation)
    {
        byte[] kept = new byte[Math.Min(left, Block)];
        char[] digits = new char[kept.Length];
        for (; left > 0; first += Block, left -= Block)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = (int)Math.Min(left, Block);
            stream.FillKept(kept.AsSpan(0, length), dropRate, first);
            for (int i = 0; i < length; i++)
            {
                digits[i] = (char)('0' + kept[i]);
            }

            output.Write(digits, 0, length);
        }

        output.WriteLine();
    }
}
