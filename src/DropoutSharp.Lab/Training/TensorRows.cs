using DropoutSharp.Lab.Data;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Training;

/// <summary>Encoded rows as two tensors. Reading them from several threads is safe.</summary>
public sealed class TensorRows : IDisposable
{
    /// <summary>Copies encoded rows into tensors that no dispose scope owns.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="task">Decides the targets' type: whole numbers for classes, float32 for values.</param>
    public TensorRows(EncodedRows rows, LearningTask task)
    {
        using var scope = NewDisposeScope();
        long[] shape = [rows.Count, .. rows.Shape.Select(size => (long)size)];
        Features = tensor(rows.Features).reshape(shape).DetachFromDisposeScope();
        Tensor targets = tensor(rows.Targets);
        Targets = (task == LearningTask.Classification ? targets.to_type(ScalarType.Int64) : targets.unsqueeze(1)).DetachFromDisposeScope();
        TargetValues = rows.Targets;
    }

    /// <summary>Shape (rows, …one row's shape), float32.</summary>
    public Tensor Features { get; }

    /// <summary>Classes: shape (rows), int64; values: shape (rows, 1), float32, standardised.</summary>
    public Tensor Targets { get; }

    /// <summary>The targets as the rows have them.</summary>
    public float[] TargetValues { get; }

    /// <summary>The number of rows.</summary>
    public int Count => TargetValues.Length;

    /// <inheritdoc/>
    public void Dispose()
    {
        Features.Dispose();
        Targets.Dispose();
    }
}
