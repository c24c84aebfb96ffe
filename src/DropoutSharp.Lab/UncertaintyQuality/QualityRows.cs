using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Models;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>Rows of a file as a model takes them.</summary>
internal sealed class QualityRows : IDisposable
{
    private QualityRows(string name, EncodedRows rows)
    {
        Name = name;
        Targets = rows.Targets;
        Features = tensor(rows.Features, [rows.Count, .. rows.Shape.Select(size => (long)size)]).DetachFromDisposeScope();
    }

    public string Name { get; }

    public float[] Targets { get; }

    public Tensor Features { get; }

    public int Count => Targets.Length;

    /// <summary>Reads rows: the test part of data that have one, otherwise all; evenly chosen where fewer are wished for.</summary>
    /// <param name="path">The file; null for the embedded digits.</param>
    /// <param name="model">What they are encoded for.</param>
    /// <param name="most">The most rows; 0 for all.</param>
    /// <param name="needsTargets">Whether every row must have a target that the model knows.</param>
    public static QualityRows Read(string? path, ModelDescription model, int most, bool needsTargets)
    {
        TargetEncoder target = model.Encoder.Target;
        Dataset data = DatasetReader.Read(path, new DatasetOptions { Target = needsTargets ? target.Name : null });
        int[] rows = [.. Enumerable.Range(data.TestStart ?? 0, data.RowCount - (data.TestStart ?? 0))];
        if (most > 0 && rows.Length > most)
        {
            rows = [.. Enumerable.Range(0, most).Select(i => rows[(int)((long)i * rows.Length / most)])];
        }

        EncodedRows encoded = model.Encoder.Encode(data, rows);
        if (needsTargets)
        {
            int unknown = Array.FindIndex(encoded.Targets, float.IsNaN);
            if (data.Find(target.Name) is null)
            {
                throw new UserErrorException($"'{data.Name}' must have the target column '{target.Name}', so that predictions can be judged.");
            }

            if (unknown >= 0)
            {
                throw new UserErrorException(target.Task == LearningTask.Classification
                    ? $"Every row of '{data.Name}' must have a class that the model was trained on; row {rows[unknown] + 1} has none of {string.Join(", ", target.Classes)}."
                    : $"Every row of '{data.Name}' must have a target; row {rows[unknown] + 1} has none.");
            }
        }

        return encoded.Count > 0
            ? new QualityRows(data.Name, encoded)
            : throw new UserErrorException($"'{data.Name}' must have at least one row; it has none.");
    }

    public void Dispose() => Features.Dispose();
}
