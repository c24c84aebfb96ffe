namespace DropoutSharp;

/// <summary>What becomes of an element: a function of it where it is kept, a constant where it is dropped.</summary>
internal unsafe interface IKeptFunction
{
    /// <summary>The new values of a register of elements.</summary>
    /// <param name="x">Their values.</param>
    /// <param name="kept">A bit an element, for <see cref="IReals{TSelf}.SelectKept"/>.</param>
    /// <param name="part">The register's stretch of those bits, for the same.</param>
    TReals Invoke<TReals>(TReals x, uint* kept, int part)
        where TReals : struct, IReals<TReals>;
}
