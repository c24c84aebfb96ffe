using System.Numerics;
using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>The kept rows and kept columns of a matrix: what of a layer's weights is left when units around it are dropped.</summary>
/// <remarks>
/// The matrix is row-major, of <see cref="Rows"/> × <see cref="Columns"/> × <see cref="Run"/> elements; a column is a run of neighbouring elements, such as the kernel of a convolution for
/// one channel. Srivastava et al. 2014 call what is left of a network the thinned network; Graham et al. 2015 compute with it.
/// </remarks>
public sealed partial class Submatrix
{
    private readonly int[]? _keptRows;
    private readonly int[]? _keptColumns;
    private int[]? _places;
    private int[]? _allColumns;
    private KeptLanes? _lanes;

    /// <summary>A part of a matrix.</summary>
    /// <param name="rows">How many rows the matrix has.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="run">How many neighbouring elements a column has in each row; at least 1.</param>
    /// <param name="keptRows">Its kept rows, ascending and each once; null for all.</param>
    /// <param name="keptColumns">Its kept columns, ascending and each once; null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the run is below 1.</exception>
    /// <exception cref="ArgumentException">The kept rows or columns do not ascend, or lie outside the matrix.</exception>
    public Submatrix(int rows, int columns, int run, int[]? keptRows, int[]? keptColumns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(run, 1);
        Check(keptRows, rows, "rows", nameof(keptRows));
        Check(keptColumns, columns, "columns", nameof(keptColumns));
        (Rows, Columns, Run, _keptRows, _keptColumns) = (rows, columns, run, keptRows, keptColumns);
    }

    /// <summary>How many rows the whole matrix has.</summary>
    public int Rows { get; }

    /// <summary>How many columns the whole matrix has.</summary>
    public int Columns { get; }

    /// <summary>How many neighbouring elements a column has in each row.</summary>
    public int Run { get; }

    /// <summary>How many rows are kept.</summary>
    public int KeptRows => _keptRows?.Length ?? Rows;

    /// <summary>How many columns are kept.</summary>
    public int KeptColumns => _keptColumns?.Length ?? Columns;

    /// <summary>How many elements are kept.</summary>
    public long Length => (long)KeptRows * KeptColumns * Run;

    /// <summary>The kept rows, ascending; null where all are.</summary>
    public IReadOnlyList<int>? KeptRowIndices => _keptRows;

    /// <summary>The kept columns, ascending; null where all are.</summary>
    public IReadOnlyList<int>? KeptColumnIndices => _keptColumns;

    /// <summary>The kept columns as lanes; null where they have no such form. Made when they are first wanted: products alone want none.</summary>
    private KeptLanes? Lanes => _lanes ??= _keptColumns is null || Run > 1 ? null : KeptLanes.Create(_keptColumns, Columns);

    /// <summary>Copies what is kept, row after row and without gaps.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="matrix">The whole matrix.</param>
    /// <param name="destination">Receives <see cref="Length"/> elements; must not overlap the matrix.</param>
    public unsafe void Gather<T>(T* matrix, T* destination)
        where T : unmanaged =>
        Spread(KeptRows, Length, new GatherWork<T>(this, matrix, destination));

    /// <summary>Copies what is kept as <see cref="Gather"/> does, times a factor.</summary>
    /// <typeparam name="T">The element type: float or double.</typeparam>
    /// <param name="matrix">The whole matrix.</param>
    /// <param name="factor">What each element is multiplied with.</param>
    /// <param name="destination">Receives <see cref="Length"/> elements; must not overlap the matrix.</param>
    /// <exception cref="ArgumentException">The elements are neither float nor double.</exception>
    public unsafe void GatherScaled<T>(T* matrix, T factor, T* destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RefuseOthers<T>(nameof(destination));
        Spread(KeptRows, Length, new GatherScaledWork<T>(this, matrix, destination, factor));
    }

    /// <summary>Adds what is kept to its places in a whole matrix, times a factor: fma(factor, value, element). What is not kept stays untouched.</summary>
    /// <typeparam name="T">The element type: float or double.</typeparam>
    /// <param name="values">The kept elements as <see cref="Gather"/> gives them; must not overlap the matrix.</param>
    /// <param name="factor">What they are multiplied with.</param>
    /// <param name="matrix">The whole matrix.</param>
    /// <exception cref="ArgumentException">The elements are neither float nor double.</exception>
    public unsafe void AddScaled<T>(T* values, T factor, T* matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RefuseOthers<T>(nameof(matrix));
        Spread(KeptRows, Length, new AddWork<T>(this, values, factor, matrix));
    }

    /// <summary>Adds what is kept of one row to that row of a whole matrix.</summary>
    /// <param name="row">The row of the whole matrix.</param>
    /// <param name="values">The kept elements of all rows as <see cref="Gather"/> gives them.</param>
    /// <param name="factor">What they are multiplied with.</param>
    /// <param name="destination">The row, of all columns.</param>
    /// <returns>Whether anything of the row is kept.</returns>
    internal unsafe bool AddRow<T>(long row, T* values, T factor, T* destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long place = Place(row);
        if (place < 0)
        {
            return false;
        }

        long narrow = (long)KeptColumns * Run;
        KeptColumnAdd.Row(values + (place * narrow), factor, destination, _keptColumns, Lanes, Columns, Run);
        return true;
    }

    /// <summary>Writes a whole matrix: the sum of what its parts hold, and +0 where none holds anything.</summary>
    /// <typeparam name="T">The element type: float or double, or any type where there is one part.</typeparam>
    /// <param name="parts">The parts, all of matrices of one size; at least one.</param>
    /// <param name="source">The parts' elements as <see cref="Gather"/> gives them, part after part.</param>
    /// <param name="matrix">Receives the matrix; must not overlap the source.</param>
    /// <exception cref="ArgumentException">There is no part, their matrices differ in size, or several parts have elements that cannot be added.</exception>
    public static unsafe void Scatter<T>(IReadOnlyList<Submatrix> parts, T* source, T* matrix)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("Parts must be at least one; received none.", nameof(parts));
        }

        Submatrix first = parts[0];
        if (parts.Any(part => (part.Rows, part.Columns, part.Run) != (first.Rows, first.Columns, first.Run)))
        {
            throw new ArgumentException("Parts must be of matrices of one size; received several sizes.", nameof(parts));
        }

        if (parts.Count > 1 && typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new ArgumentException($"Elements of several parts must be float or double; received {typeof(T).Name}.", nameof(parts));
        }

        T*[] starts = new T*[parts.Count];
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = source;
            source += parts[i].Length;
        }

        Spread(first.Rows, (long)first.Rows * first.Columns * first.Run, new ScatterWork<T>([.. parts], starts, matrix));
    }

    private static void RefuseOthers<T>(string parameter)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new ArgumentException($"Elements must be float or double; received {typeof(T).Name}.", parameter);
        }
    }

    /// <summary>Spreads rows over as many threads as their elements pay for.</summary>
    internal static void Spread<TWork>(int rows, long elements, TWork work)
        where TWork : struct, IRangeWork
    {
        // Copies are about as fast as memory: a second thread pays from about as many elements on as for masks.
        Parallelism parallelism = Parallelism.Default;
        int threads = elements < parallelism.LeastLength ? 1 : parallelism.Threads;
        long piece = Math.Max(1, parallelism.Piece / Math.Max(1, elements / Math.Max(1, rows)));
        ForkJoin.Run(rows, piece, threads, work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Check(int[]? kept, int count, string what, string parameter)
    {
        for (int i = 0; i < kept?.Length; i++)
        {
            if (kept[i] < 0 || kept[i] >= count || (i > 0 && kept[i] <= kept[i - 1]))
            {
                throw new ArgumentException($"Kept {what} must ascend within [0, {count}); received {kept[i]} at position {i}.", parameter);
            }
        }
    }

    /// <summary>Where a row lies among the kept ones; negative where it is not kept.</summary>
    private int Place(long row) => _keptRows is null ? (int)row : (_places ??= Places(_keptRows, Rows))[row];

    private static int[] Places(int[] kept, int count)
    {
        int[] places = new int[count];
        Array.Fill(places, -1);
        for (int i = 0; i < kept.Length; i++)
        {
            places[kept[i]] = i;
        }

        return places;
    }

    private readonly unsafe struct GatherWork<T>(Submatrix part, T* matrix, T* destination) : IRangeWork
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long start, long end)
        {
            if (sizeof(T) == sizeof(uint) && part.Lanes is KeptLanes lanes)
            {
                lanes.Gather((uint*)matrix, part._keptRows, start, end, (uint*)destination, default(UnscaledLanes));
                return;
            }

            long wide = (long)part.Columns * part.Run, narrow = (long)part.KeptColumns * part.Run;
            for (long row = start; row < end; row++)
            {
                T* from = matrix + ((part._keptRows is null ? row : part._keptRows[row]) * wide);
                T* to = destination + (row * narrow);
                if (part._keptColumns is null)
                {
                    Unsafe.CopyBlockUnaligned(to, from, checked((uint)(wide * sizeof(T))));
                }
                else if (part.Run == 1)
                {
                    KeptColumnCopy.Gather(from, to, part._keptColumns);
                }
                else
                {
                    KeptColumnCopy.Gather(from, to, part._keptColumns, part.Run);
                }
            }
        }
    }

    private readonly unsafe struct GatherScaledWork<T>(Submatrix part, T* matrix, T* destination, T factor) : IRangeWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>So many rows are multiplied while they are in the nearest caches.</summary>
        private const long Rows = 8;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long start, long end)
        {
            if (typeof(T) == typeof(float) && part.Lanes is KeptLanes lanes)
            {
                lanes.Gather((uint*)matrix, part._keptRows, start, end, (uint*)destination, new ScaledLanes(float.CreateTruncating(factor)));
                return;
            }

            GatherWork<T> gather = new(part, matrix, destination);
            long narrow = (long)part.KeptColumns * part.Run;
            for (long row = start; row < end; row += Rows)
            {
                long next = Math.Min(row + Rows, end);
                gather.Invoke(row, next);
                KeptColumnAdd.Scale(destination + (row * narrow), factor, (next - row) * narrow);
            }
        }
    }

    private readonly unsafe struct AddWork<T>(Submatrix part, T* values, T factor, T* matrix) : IRangeWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long start, long end)
        {
            long wide = (long)part.Columns * part.Run, narrow = (long)part.KeptColumns * part.Run;
            for (long row = start; row < end; row++)
            {
                T* to = matrix + ((part._keptRows is null ? row : part._keptRows[row]) * wide);
                KeptColumnAdd.Row(values + (row * narrow), factor, to, part._keptColumns, part.Lanes, part.Columns, part.Run);
            }
        }
    }

    private readonly unsafe struct ScatterWork<T>(Submatrix[] parts, T*[] starts, T* matrix) : IRangeWork
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long start, long end)
        {
            long wide = (long)parts[0].Columns * parts[0].Run;
            for (long row = start; row < end; row++)
            {
                T* to = matrix + (row * wide);
                bool isFirst = true;
                for (int i = 0; i < parts.Length; i++)
                {
                    Submatrix part = parts[i];
                    long place = part.Place(row);
                    if (place < 0)
                    {
                        continue;
                    }

                    T* from = starts[i] + (place * part.KeptColumns * part.Run);
                    if (isFirst)
                    {
                        Write(part, from, to, wide);
                    }
                    else
                    {
                        KeptColumnCopy.Add(from, to, part._keptColumns, part.Columns, part.Run);
                    }

                    isFirst = false;
                }

                if (isFirst)
                {
                    Clear(to, wide);
                }
            }
        }

        private static void Write(Submatrix part, T* from, T* to, long wide)
        {
            if (part._keptColumns is null)
            {
                Unsafe.CopyBlockUnaligned(to, from, checked((uint)(wide * sizeof(T))));
                return;
            }

            if (sizeof(T) == sizeof(uint) && part.Lanes is KeptLanes lanes)
            {
                lanes.Scatter((uint*)from, (uint*)to);
                return;
            }

            Clear(to, wide); // stays in the first cache until the kept columns are written
            if (part.Run == 1)
            {
                KeptColumnCopy.Scatter(from, to, part._keptColumns);
            }
            else
            {
                KeptColumnCopy.Scatter(from, to, part._keptColumns, part.Run);
            }
        }

        private static void Clear(T* to, long wide) => Unsafe.InitBlockUnaligned(to, 0, checked((uint)(wide * sizeof(T))));
    }
}
