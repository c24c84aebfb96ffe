namespace DropoutSharp;

/// <summary>Dropout over spans and native memory, in the call shape of <c>System.Numerics.Tensors.TensorPrimitives</c>.</summary>
/// <remarks>
/// <para>
/// Every operation is a pure function of its arguments: masks and noise come from a <see cref="MaskStream"/> and an element's position in it,
/// so the result does not depend on the vector width, the number of threads, or how a tensor was cut into calls. An operation called with the
/// gradient, the same stream and the same first element is its own backward pass.
/// </para>
/// <para>
/// The element type is <see cref="float"/>, <see cref="double"/>, <see cref="Half"/> or <see cref="BFloat16"/>. Arithmetic is done in float
/// (in double for double) and rounded once. The destination may be the source itself; any other overlap is refused.
/// </para>
/// </remarks>
public static partial class DropoutPrimitives
{
    private static int _maxDegreeOfParallelism = Environment.ProcessorCount;

    /// <summary>The most threads that one call may use, the caller's among them; the number of processors by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    /// <remarks>Small inputs are always done by the caller's thread alone. Results do not depend on it.</remarks>
    public static int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        set
        {
            if (value < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"The degree of parallelism must be at least 1; received {value}.");
            }

            _maxDegreeOfParallelism = value;
        }
    }

    /// <summary>Whose threads help; null, the default, for the pool's.</summary>
    /// <remarks>Results do not depend on it. DropoutSharp.Torch sets it to libtorch's own threads once that is loaded.</remarks>
    public static IThreadTeam? Team { get; set; }
}
