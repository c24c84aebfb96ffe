using System.CommandLine;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;

namespace DropoutSharp.Cli.Options;

/// <summary>Which network a command trains, and how.</summary>
internal sealed class LearningOptions
{
    private static readonly TrainingOptions TrainingDefaults = new();
    private static readonly NetworkOptions NetworkDefaults = new();

    private readonly Option<string?> _network = ChoiceOption.Create("--network", "The network", "the one that suits the rows", [.. NetworkCatalog.All.Select(static kind => kind.Id)]);
    private readonly Option<IReadOnlyList<int>?> _hidden = NumberOption.CreateList<int>("--hidden", "Widths of the hidden layers, in units, first to last", "the network's own", 1, 1_000_000);
    private readonly Option<IReadOnlyList<int>?> _channels = NumberOption.CreateList<int>("--channels", "Feature maps of each convolution, first to last", "the network's own", 1, 1_000_000);
    private readonly Option<Activation?> _activation = ChoiceOption.Create<Activation>("--activation", "What follows each hidden layer", "relu");
    private readonly Option<Normalization?> _norm = ChoiceOption.Create<Normalization>("--norm", "What normalises each hidden layer of mlp and cnn, before its activation", "none");
    private readonly Option<double> _inputRate = NumberOption.Create<double>("--input-rate", "Drop rate of the network's inputs, from 0 to below 1, wherever a variant is used", NetworkDefaults.InputDropRate, 0, 1);
    private readonly Option<int?> _epochs = NumberOption.CreateOptional<int>("--epochs", "How often every training row is seen at most", "20 to 300, the more the fewer rows", 1);
    private readonly Option<int?> _patience = NumberOption.CreateOptional<int>("--patience", "Early stopping: epochs without a lower validation loss after which a training ends with the weights of its best epoch; 0 trains to the end", "a fifth of the epochs, at least 15", 0);
    private readonly Option<int> _batchSize = NumberOption.Create("--batch-size", "Rows a step", TrainingDefaults.BatchSize, 1);
    private readonly Option<double> _learningRate = NumberOption.Create("--learning-rate", "AdamW's learning rate at the first step", TrainingDefaults.LearningRate, 0, null, open: true);
    private readonly Option<LearningRateDecay?> _decay = ChoiceOption.Create<LearningRateDecay>("--decay", "How the learning rate falls", "linear");
    private readonly Option<double> _weightDecay = NumberOption.Create<double>("--weight-decay", "AdamW's decoupled weight decay", TrainingDefaults.WeightDecay, 0);
    private readonly Option<int> _threads = NumberOption.Create("--threads", "Threads of one training; a training repeats to the last digit for a given number", TrainingDefaults.Threads, 1, 1024);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _network, _hidden, _channels, _activation, _norm, _inputRate, _epochs, _patience, _batchSize, _learningRate, _decay, _weightDecay, _threads })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The network.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public NetworkOptions Network(ParseResult parsed) => new()
    {
        Kind = parsed.GetValue(_network),
        HiddenSizes = parsed.GetValue(_hidden),
        Channels = parsed.GetValue(_channels),
        Activation = parsed.GetValue(_activation) ?? NetworkDefaults.Activation,
        Norm = parsed.GetValue(_norm) ?? NetworkDefaults.Norm,
        InputDropRate = parsed.GetValue(_inputRate),
    };

    /// <summary>How it is trained.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public TrainingOptions Training(ParseResult parsed) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        Patience = parsed.GetValue(_patience),
        BatchSize = parsed.GetValue(_batchSize),
        LearningRate = parsed.GetValue(_learningRate),
        Decay = parsed.GetValue(_decay) ?? TrainingDefaults.Decay,
        WeightDecay = parsed.GetValue(_weightDecay),
        Threads = parsed.GetValue(_threads),
    };
}
