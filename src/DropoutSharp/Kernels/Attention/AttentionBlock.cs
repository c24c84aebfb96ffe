namespace DropoutSharp;

/// <summary>Some queries' scores for the keys of one attention head, in native memory: rows of a matrix.</summary>
/// <remarks>Rows may be worked on up to the next multiple of <see cref="Lanes"/> elements: <see cref="Stride"/> leaves the room, and what lies there is written over.</remarks>
public readonly unsafe struct AttentionBlock
{
    /// <summary>So many columns are worked on at once, whatever the processor: 16.</summary>
    public const int Lanes = 16;

    /// <summary>The first query's score for the first key.</summary>
    public float* Scores { get; init; }

    /// <summary>How many elements lie between two rows: at least <see cref="Width"/>, rounded up to a multiple of <see cref="Lanes"/>.</summary>
    public int Stride { get; init; }

    /// <summary>How many queries there are.</summary>
    public int Rows { get; init; }

    /// <summary>How many keys the head has: the mask's elements a row.</summary>
    public int Columns { get; init; }

    /// <summary>How many of the keys, from the first on, have scores; queries see no others.</summary>
    public int Width { get; init; }

    /// <summary>How many keys the first query sees where each query sees one more than that before it; null where all see all that have scores.</summary>
    public int? Visible { get; init; }

    /// <summary>What is added to the scores: the first query's for the first key; null for nothing. Where it is −∞ the query does not see the key.</summary>
    public float* Bias { get; init; }

    /// <summary>How many elements lie between two rows of <see cref="Bias"/>; 0 where all rows have the same.</summary>
    public long BiasStride { get; init; }

    /// <summary>The index, in the whole mask, of the first query's weight of the first key.</summary>
    public long FirstElement { get; init; }

    /// <summary>How many keys a query sees.</summary>
    internal int VisibleTo(int row) => Visible is int first ? Math.Min(Width, first + row) : Width;

    /// <summary>How many elements of a row are worked on.</summary>
    internal int Padded => (Width + Lanes - 1) / Lanes * Lanes;

    /// <summary>Refuses what no block can be.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(Width);
        if (Columns < Width || Stride < Padded || Visible < 0)
        {
            throw new ArgumentException(
                $"A block of {Width} scores a row must have as many columns, and rows apart by at least {Padded} elements; received {Columns} columns, rows {Stride} apart and {Visible ?? Width} that the first query sees.");
        }

        DropoutPrimitives.CheckElements((long)Rows * Columns, FirstElement);
    }
}
