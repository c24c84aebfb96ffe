using System.Runtime.InteropServices;

namespace DropoutSharp.Torch;

/// <summary>Memory for one thread's block of attention weights; it stays the thread's.</summary>
internal sealed unsafe class AttentionScratch
{
    [ThreadStatic]
    private static AttentionScratch? _mine;

    private float* _start;
    private long _elements;

    ~AttentionScratch() => NativeMemory.AlignedFree(_start);

    /// <summary>The calling thread's memory.</summary>
    /// <param name="elements">How many floats it must have.</param>
    public static float* Mine(long elements)
    {
        AttentionScratch scratch = _mine ??= new AttentionScratch();
        if (scratch._elements < elements)
        {
            NativeMemory.AlignedFree(scratch._start);
            scratch._elements = 0;
            scratch._start = (float*)NativeMemory.AlignedAlloc((nuint)(elements * sizeof(float)), 64);
            scratch._elements = elements;
        }

        return scratch._start;
    }
}
