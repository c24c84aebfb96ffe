namespace DropoutSharp.Lab.Data;

/// <summary>Writes predictions row by row: the row's number, the columns that are carried along, and what the model says and how sure it is.</summary>
/// <remarks>
/// <para>Classes: <c>prediction</c>, its <c>probability</c>, <c>epistemic</c> (mutual information in nats: what the model does not know),
/// <c>aleatoric</c> (expected entropy in nats: what the data do not say), <c>set</c> where intervals are written (classes apart by <c>|</c>) and
/// <c>probability_CLASS</c> for each class where asked for.</para>
/// <para>Numbers: <c>prediction</c> (the mean), <c>epistemic</c> and <c>aleatoric</c> (standard deviations in the target's unit), and where intervals
/// are written <c>low</c> and <c>high</c>, their ends.</para>
/// <para>Where abstentions are written, <c>abstains</c> says true or false. A row that the model abstains from has no prediction, probability, interval or set.</para>
/// <para>A column that is carried along under one of these names gets <c>input_</c> before its own.</para>
/// </remarks>
public sealed class PredictionWriter : IDisposable
{
    private const string Abstains = "abstains";

    private readonly TableWriter _writer;
    private readonly FeatureEncoder _encoder;
    private readonly PredictionWriterOptions _options;
    private readonly int _keptCount;
    private readonly OutputCell[] _cells;

    private PredictionWriter(Func<IReadOnlyList<OutputColumn>, TableWriter> create, RowStream rows, PredictionWriterOptions options)
    {
        _encoder = rows.Encoder;
        _options = options;
        _keptCount = rows.KeptColumns.Count;
        _writer = create(Columns(rows, options));
        _cells = new OutputCell[_writer.Columns.Count];
    }

    /// <summary>Writes to a file whose name says the format, and which appears only once it is whole.</summary>
    /// <param name="path">Ends in .csv, .jsonl or .parquet.</param>
    /// <param name="rows">The rows that are predicted.</param>
    /// <param name="options">Which columns are written.</param>
    /// <exception cref="UserErrorException">The name ends in none that is known, or the file cannot be written.</exception>
    public static PredictionWriter Create(string path, RowStream rows, PredictionWriterOptions? options = null) =>
        new(columns => TableWriter.Create(path, columns), rows, options ?? new());

    /// <summary>Writes to a stream, such as the standard output.</summary>
    /// <param name="stream">The stream; it is flushed, not closed.</param>
    /// <param name="format">CSV or JSON lines.</param>
    /// <param name="rows">The rows that are predicted.</param>
    /// <param name="options">Which columns are written.</param>
    /// <exception cref="UserErrorException">The format is Parquet.</exception>
    public static PredictionWriter Create(Stream stream, OutputFormat format, RowStream rows, PredictionWriterOptions? options = null) =>
        new(columns => TableWriter.Create(stream, format, columns), rows, options ?? new());

    /// <summary>Writes a row of classes.</summary>
    /// <param name="batch">The batch that the row is in.</param>
    /// <param name="row">The row in the batch.</param>
    /// <param name="probabilities">One a class.</param>
    /// <param name="epistemic">Mutual information in nats.</param>
    /// <param name="aleatoric">Expected entropy in nats.</param>
    /// <param name="set">The classes of the prediction set; used where intervals are written.</param>
    /// <param name="abstains">Whether the model abstains from the row; used where abstentions are written.</param>
    public void WriteClass(
        RowBatch batch, int row, ReadOnlySpan<double> probabilities, double epistemic, double aleatoric, ReadOnlySpan<int> set = default, bool abstains = false)
    {
        IReadOnlyList<string> classes = _encoder.Target.Classes;
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        int at = StartRow(batch, row);
        bool answers = !Abstain(abstains, ref at);
        _cells[at++] = answers ? classes[best] : null;
        _cells[at++] = answers ? probabilities[best] : double.NaN;
        _cells[at++] = epistemic;
        _cells[at++] = aleatoric;
        if (_options.WithIntervals)
        {
            _cells[at++] = answers ? string.Join('|', set.ToArray().Select(index => classes[index])) : null;
        }

        if (_options.WithProbabilities)
        {
            foreach (double probability in probabilities)
            {
                _cells[at++] = probability;
            }
        }

        _writer.Write(_cells);
    }

    /// <summary>Writes a row of numbers.</summary>
    /// <param name="batch">The batch that the row is in.</param>
    /// <param name="row">The row in the batch.</param>
    /// <param name="mean">The prediction, in the target's unit.</param>
    /// <param name="epistemic">The standard deviation over passes.</param>
    /// <param name="aleatoric">The standard deviation of the noise.</param>
    /// <param name="low">The interval's lower end; used where intervals are written.</param>
    /// <param name="high">The interval's upper end; used where intervals are written.</param>
    /// <param name="abstains">Whether the model abstains from the row; used where abstentions are written.</param>
    public void WriteNumber(
        RowBatch batch, int row, double mean, double epistemic, double aleatoric, double low = double.NaN, double high = double.NaN, bool abstains = false)
    {
        int at = StartRow(batch, row);
        bool answers = !Abstain(abstains, ref at);
        _cells[at++] = answers ? mean : double.NaN;
        _cells[at++] = epistemic;
        _cells[at++] = aleatoric;
        if (_options.WithIntervals)
        {
            _cells[at++] = answers ? low : double.NaN;
            _cells[at] = answers ? high : double.NaN;
        }

        _writer.Write(_cells);
    }

    /// <summary>Ends the predictions and puts the file in its place. Without it, disposing leaves nothing behind.</summary>
    public void Complete() => _writer.Complete();

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static List<OutputColumn> Columns(RowStream rows, PredictionWriterOptions options)
    {
        TargetEncoder target = rows.Encoder.Target;
        bool isNumber = target.Task == LearningTask.Regression;
        string[] names =
        [
            .. options.WithAbstentions ? [Abstains] : Array.Empty<string>(),
            .. isNumber ? ["prediction", "epistemic", "aleatoric"] : (string[])["prediction", "probability", "epistemic", "aleatoric"],
            .. !options.WithIntervals ? [] : isNumber ? ["low", "high"] : (string[])["set"],
            .. options.WithProbabilities && !isNumber ? target.Classes.Select(name => $"probability_{name}") : [],
        ];
        bool IsText(string name) => target.Task == LearningTask.Classification && name is "prediction" or "set";
        HashSet<string> taken = new(names.Append("row"), StringComparer.OrdinalIgnoreCase);
        return
        [
            new OutputColumn("row", OutputType.Integer),
            .. rows.KeptColumns.Select(kept => new OutputColumn(taken.Contains(kept.Name) ? $"input_{kept.Name}" : kept.Name, OutputType.Text, kept.SqlType)),
            .. names.Select(name => name == Abstains
                ? new OutputColumn(name, OutputType.Text, "BOOLEAN")
                : new OutputColumn(name, IsText(name) ? OutputType.Text : OutputType.Number)),
        ];
    }

    private bool Abstain(bool abstains, ref int at)
    {
        if (_options.WithAbstentions)
        {
            _cells[at++] = abstains ? "true" : "false";
        }

        return _options.WithAbstentions && abstains;
    }

    private int StartRow(RowBatch batch, int row)
    {
        _cells[0] = batch.FirstRow + row;
        for (int i = 0; i < _keptCount; i++)
        {
            _cells[1 + i] = batch.Kept[i][row];
        }

        return 1 + _keptCount;
    }
}
