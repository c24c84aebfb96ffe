namespace DropoutSharp;

/// <summary>The result of a fused operation on a register of elements, from whatever memory it reads.</summary>
internal unsafe interface IFusedFunction
{
    /// <summary>The results.</summary>
    /// <param name="position">The first element's position in the call.</param>
    /// <param name="kept">A bit an element, for <see cref="IReals{TSelf}.SelectKept"/>.</param>
    /// <param name="part">The register's stretch of those bits, for the same.</param>
    TSingles Invoke<TSingles>(long position, uint* kept, int part)
        where TSingles : struct, ISingles<TSingles>;
}
