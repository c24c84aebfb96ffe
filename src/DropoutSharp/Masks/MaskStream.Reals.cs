namespace DropoutSharp;

public readonly partial record struct MaskStream
{
    /// <summary>A stretch of uniform numbers in (0, 1), as <see cref="Uniform(long)"/> gives them one by one.</summary>
    /// <param name="destination">Receives one number an element.</param>
    /// <param name="firstElement">The index of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    public unsafe void FillUniform(Span<double> destination, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(destination.Length, firstElement);
        fixed (double* target = destination)
        {
            RealDriver.Run(this, firstElement, destination.Length, new UniformDoubles(target));
        }
    }

    /// <summary>A stretch of uniform numbers in (0, 1): those of <see cref="Uniform(long)"/>, rounded to float but never up to 1.</summary>
    /// <param name="destination">Receives one number an element.</param>
    /// <param name="firstElement">The index of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    public unsafe void FillUniform(Span<float> destination, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(destination.Length, firstElement);
        fixed (float* target = destination)
        {
            RealDriver.Run(this, firstElement, destination.Length, new UniformSingles(target));
        }
    }

    /// <summary>A stretch of standard normal numbers, as <see cref="Normal(long)"/> gives them one by one.</summary>
    /// <param name="destination">Receives one number an element.</param>
    /// <param name="firstElement">The index of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    public unsafe void FillNormal(Span<double> destination, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(destination.Length, firstElement);
        fixed (double* target = destination)
        {
            RealDriver.Run(this, firstElement, destination.Length, new NormalDoubles(target));
        }
    }

    /// <summary>A stretch of standard normal numbers: those of <see cref="Normal(long)"/> to within 4 units in the last place of float.</summary>
    /// <param name="destination">Receives one number an element.</param>
    /// <param name="firstElement">The index of the first element; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The elements do not lie in [0, 2⁶²).</exception>
    /// <remarks>The numbers are the same, bit for bit, on every machine whose square root is IEEE 754's.</remarks>
    public unsafe void FillNormal(Span<float> destination, long firstElement = 0)
    {
        DropoutPrimitives.CheckElements(destination.Length, firstElement);
        fixed (float* target = destination)
        {
            RealDriver.Run(this, firstElement, destination.Length, new NormalSingles(target));
        }
    }
}
