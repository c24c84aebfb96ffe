using System.Numerics;

namespace DropoutSharp;

/// <summary>What an optimiser does to one weight, and to a vector of them.</summary>
internal unsafe interface IStepRule<T>
    where T : unmanaged
{
    /// <summary>A vector of weights.</summary>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="first">The first state of each.</param>
    /// <param name="second">The second state of each.</param>
    void Apply(Vector<T> gradient, T* weights, T* first, T* second);

    /// <summary>One weight.</summary>
    void Apply(T gradient, T* weight, T* first, T* second);
}
