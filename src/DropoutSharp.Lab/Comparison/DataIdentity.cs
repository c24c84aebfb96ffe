using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Comparison;

/// <summary>What tells one prepared data set from another: its shape in numbers, and a digest of everything that training sees.</summary>
public sealed record DataIdentity
{
    /// <summary>What the data is called.</summary>
    public required string Name { get; init; }

    /// <summary>What is learned.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>The target column.</summary>
    public required string Target { get; init; }

    /// <summary>The classes; empty for regression.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The shape of one encoded row.</summary>
    public required IReadOnlyList<int> RowShape { get; init; }

    /// <summary>Rows learned from.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Rows that choose.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Held-out rows.</summary>
    public required int TestRows { get; init; }

    /// <summary>SHA-256 of the encoded features and targets of all three parts and of the target's unit.</summary>
    public required string Content { get; init; }

    /// <summary>The identity of prepared data.</summary>
    public static DataIdentity Of(PreparedData data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (EncodedRows rows in (EncodedRows[])[data.Train, data.Validation, data.Test])
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(rows.Features));
            hash.AppendData(MemoryMarshal.AsBytes<float>(rows.Targets));
        }

        hash.AppendData(MemoryMarshal.AsBytes<double>([data.TargetMean, data.TargetScale]));
        return new DataIdentity
        {
            Name = data.Name,
            Task = data.Task,
            Target = data.Target,
            Classes = data.Classes,
            RowShape = data.Train.Shape,
            TrainRows = data.Train.Count,
            ValidationRows = data.Validation.Count,
            TestRows = data.Test.Count,
            Content = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
    }
}
