using System.Runtime.CompilerServices;

namespace DropoutSharp;

/// <summary>Elements of any type but double in memory, as floats in a register.</summary>
internal static unsafe class Elements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSingles Load<T, TSingles>(T* source)
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles>
    {
        if (typeof(T) == typeof(float))
        {
            return TSingles.Load((float*)source);
        }

        TSingles bits = TSingles.LoadHalves((ushort*)source);
        return typeof(T) == typeof(Half) ? SixteenBits.FromHalf(bits) : SixteenBits.FromBFloat16(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TSingles>(TSingles value, T* destination)
        where T : unmanaged
        where TSingles : struct, ISingles<TSingles>
    {
        if (typeof(T) == typeof(float))
        {
            TSingles.Store(value, (float*)destination);
            return;
        }

        TSingles.StoreHalves(
            typeof(T) == typeof(Half) ? SixteenBits.ToHalf(value) : SixteenBits.ToBFloat16(value), (ushort*)destination);
    }
}
