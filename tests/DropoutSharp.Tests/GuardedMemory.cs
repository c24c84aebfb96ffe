using System.Runtime.InteropServices;

namespace DropoutSharp.Tests;

/// <summary>Memory between two pages that must not be touched: a step beyond it ends the process.</summary>
internal sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private const int ReadWrite = 3, PrivateAnonymous = 0x22;

    private readonly byte* _pages;
    private readonly nuint _bytes;
    private readonly T* _first;

    /// <param name="length">How many elements.</param>
    /// <param name="atEnd">Whether the last element touches the upper guard, or the first the lower one.</param>
    public GuardedMemory(int length, bool atEnd)
    {
        int page = Environment.SystemPageSize, data = ((length * sizeof(T)) + page - 1) / page * page;
        _bytes = (nuint)(data + (2 * page));
        _pages = GuardedMemory.Map(0, _bytes, 0, PrivateAnonymous, -1, 0);
        Assert.True((nint)_pages != -1 && GuardedMemory.Protect(_pages + page, (nuint)data, ReadWrite) == 0);
        _first = (T*)(_pages + page + (atEnd ? data - (length * sizeof(T)) : 0));
        Length = length;
    }

    public int Length { get; }

    public Span<T> Span => new(_first, Length);

    public void Dispose() => GuardedMemory.Unmap(_pages, _bytes);
}

internal static unsafe partial class GuardedMemory
{
    public static bool IsSupported => OperatingSystem.IsLinux();

    [LibraryImport("libc", EntryPoint = "mmap")]
    internal static partial byte* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    internal static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Unmap(byte* address, nuint length);
}
