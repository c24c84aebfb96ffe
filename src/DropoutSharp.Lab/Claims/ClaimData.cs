using DropoutSharp.Lab.Data;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Claims;

/// <summary>Rows of classes as tensors that no dispose scope owns.</summary>
internal sealed class ClaimData : IDisposable
{
    public ClaimData(PreparedData data, int mostTestRows)
    {
        using var scope = NewDisposeScope();
        (Classes, Shape) = (data.Classes.Count, [.. data.Train.Shape.Select(size => (long)size)]);
        (Train, TrainLabels) = Tensors(data.Train, data.Train.Count);
        (Test, TestLabels) = Tensors(data.Test, mostTestRows);
    }

    public int Classes { get; }

    /// <summary>The shape of a row: channels, height and width of an image, or the number of features.</summary>
    public long[] Shape { get; }

    public bool IsImage => Shape.Length == 3;

    public int Features => (int)Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Rows × features, whatever the shape.</summary>
    public Tensor Train { get; }

    public Tensor TrainLabels { get; }

    public Tensor Test { get; }

    public Tensor TestLabels { get; }

    public int TrainRows => (int)Train.shape[0];

    public void Dispose()
    {
        Train.Dispose();
        TrainLabels.Dispose();
        Test.Dispose();
        TestLabels.Dispose();
    }

    private (Tensor Rows, Tensor Labels) Tensors(EncodedRows rows, int most)
    {
        int count = Math.Min(most, rows.Count);
        return (
            tensor(rows.Features).reshape(rows.Count, Features).narrow(0, 0, count).clone().DetachFromDisposeScope(),
            tensor(rows.Targets).to(int64).narrow(0, 0, count).clone().DetachFromDisposeScope());
    }
}
