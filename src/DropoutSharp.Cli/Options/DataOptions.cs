using System.CommandLine;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Cli.Options;

/// <summary>Which data a command learns from, and how they are read and split.</summary>
internal sealed class DataOptions
{
    private readonly Argument<string?> _path = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A CSV, TSV, JSON or Parquet file, a glob of them ('data/*.csv'), or a folder of IDX files (MNIST's format); compressed or not. Without it: 1,797 handwritten digits that come with the program.",
    };

    private readonly Option<string?> _target = new("--target") { Description = "The column to predict. Without it: one named target, label, class or y, otherwise the last.", HelpName = "COLUMN" };
    private readonly Option<LearningTask?> _task = ChoiceOption.Create<LearningTask>("--task", "What to learn", "found from the target");
    private readonly Option<int?> _trainRows = NumberOption.CreateOptional<int>("--train-rows", "How many rows to learn from; the more, the slower", "all that validation and test leave", 1);
    private readonly Option<double> _validationShare = NumberOption.Create("--validation-share", "Share of the rows that decides when to stop and which rate is best", new DatasetOptions().ValidationShare, 0, 1, open: true);
    private readonly Option<double> _testShare = NumberOption.Create("--test-share", "Share of the rows that only judges; unused where the data bring their own test part", new DatasetOptions().TestShare, 0, 1, open: true);
    private readonly Option<IReadOnlyList<string>?> _ignore = ListOption.Create("--ignore", "Columns to leave out", null, "COLUMN");
    private readonly Option<IReadOnlyList<string>?> _categories = ListOption.Create("--categories", "Columns that hold categories though their values look like numbers", null, "COLUMN");

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_path);
        foreach (Option option in new Option[] { _target, _task, _trainRows, _validationShare, _testShare, _ignore, _categories })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The path as given; null for the digits.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public string? Path(ParseResult parsed) => parsed.GetValue(_path);

    /// <summary>How the data are read and split.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="seed">Decides which row goes to which part.</param>
    public DatasetOptions Read(ParseResult parsed, ulong seed) => new()
    {
        Target = parsed.GetValue(_target),
        Task = parsed.GetValue(_task),
        TrainRows = parsed.GetValue(_trainRows),
        ValidationShare = parsed.GetValue(_validationShare),
        TestShare = parsed.GetValue(_testShare),
        Ignore = parsed.GetValue(_ignore) ?? [],
        Categories = parsed.GetValue(_categories) ?? [],
        Seed = seed,
    };
}
