using System.Runtime.InteropServices;

namespace DropoutSharp.Torch;

/// <summary>Products of small float32 matrices in native memory, by the BLAS library that libtorch is linked with.</summary>
/// <remarks>
/// libtorch's own operations begin with some microseconds and threads of their own; a product of one head's block takes as long. The entry point is the Fortran one that every BLAS has; it is tried with a product of known numbers before it is used.
/// </remarks>
internal static unsafe class MatrixProduct
{
    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void> Sgemm;

    private static readonly delegate* unmanaged[Cdecl]<int, int> SetLocalThreads;

    static MatrixProduct()
    {
        LibtorchRuntime.EnsureLoaded();
        if (!NativeLibrary.TryLoad(LibtorchLoader.Library, typeof(TorchSharp.torch).Assembly, null, out nint library))
        {
            return;
        }

        if (NativeLibrary.TryGetExport(library, "sgemm_", out nint sgemm))
        {
            Sgemm = (delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void>)sgemm;
            IsKnown = IsRight();
        }

        if (NativeLibrary.TryGetExport(library, "MKL_Set_Num_Threads_Local", out nint threads))
        {
            SetLocalThreads = (delegate* unmanaged[Cdecl]<int, int>)threads;
        }
    }

    /// <summary>Whether there is such a library, and it computes what is asked for.</summary>
    public static bool IsKnown { get; }

    /// <summary>Keeps products on the calling thread, one of several that compute side by side.</summary>
    /// <returns>What <see cref="Restore"/> takes.</returns>
    public static int KeepToThread() => SetLocalThreads is null ? 0 : SetLocalThreads(1);

    /// <summary>Undoes <see cref="KeepToThread"/>.</summary>
    public static void Restore(int before)
    {
        if (SetLocalThreads is not null)
        {
            _ = SetLocalThreads(before);
        }
    }

    /// <summary><c>c = factor·a·b + share·c</c>.</summary>
    /// <param name="a">Rows × inner; transposed, inner × rows.</param>
    /// <param name="b">Inner × columns; transposed, columns × inner.</param>
    /// <param name="c">Rows × columns; not read where the share is 0.</param>
    /// <param name="rows">The rows of the result.</param>
    /// <param name="columns">The columns of the result.</param>
    /// <param name="inner">What is summed over.</param>
    /// <param name="factor">What the product is multiplied with.</param>
    /// <param name="share">What is left of what the result's memory holds.</param>
    public static void Run(Matrix a, Matrix b, Matrix c, int rows, int columns, int inner, float factor = 1, float share = 0)
    {
        // Column by column, as Fortran has matrices, all are transposed: cᵀ = bᵀ·aᵀ.
        byte ofA = a.Letter, ofB = b.Letter;
        int strideOfA = a.Stride, strideOfB = b.Stride, strideOfC = c.Stride;
        Sgemm(&ofB, &ofA, &columns, &rows, &inner, &factor, b.Start, &strideOfB, a.Start, &strideOfA, &share, c.Start, &strideOfC);
    }

    private static bool IsRight()
    {
        float* numbers = stackalloc float[] { 1, 2, 3, 4, 5, 6, 1, 0, 2, 1, 0, 3, 100, 100, 100, 100 };
        Matrix result = new(numbers + 12, 2);

        // (1 2 3; 4 5 6)·(1 0; 2 1; 0 3) = (5 11; 14 23), and its transposed form (1 4; 2 5; 3 6)ᵀ.
        Run(new Matrix(numbers, 3), new Matrix(numbers + 6, 2), result, 2, 2, 3, 2);
        bool isRight = new ReadOnlySpan<float>(numbers + 12, 4).SequenceEqual([10, 22, 28, 46]);
        float* turned = stackalloc float[] { 1, 4, 2, 5, 3, 6 };
        Run(new Matrix(turned, 2).Transposed, new Matrix(numbers + 6, 2), result, 2, 2, 3, 1, 1);
        return isRight && new ReadOnlySpan<float>(numbers + 12, 4).SequenceEqual([15, 33, 42, 69]);
    }
}
