namespace DropoutSharp;

/// <summary>The arithmetic of one element: in float (double for double), rounded once.</summary>
internal static class Scalars
{
    /// <summary>x times the scale.</summary>
    public static T Multiply<T>(T x, double scale)
        where T : unmanaged =>
        typeof(T) == typeof(double) ? (T)(object)((double)(object)x * scale) : FromFloat<T>(ToFloat(x) * (float)scale);

    public static float ToFloat<T>(T x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return (float)(object)x;
        }

        return typeof(T) == typeof(Half) ? (float)(Half)(object)x : (float)(BFloat16)(object)x;
    }

    public static T FromFloat<T>(float x)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            return (T)(object)x;
        }

        return typeof(T) == typeof(Half) ? (T)(object)(Half)x : (T)(object)(BFloat16)x;
    }
}
