namespace DropoutSharp;

/// <summary>What is added to elements before anything else is done with them.</summary>
internal interface IBias
{
    /// <summary>Adds it to a register of elements.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="position">The first one's position in the call.</param>
    TSingles AddTo<TSingles>(TSingles x, long position)
        where TSingles : struct, ISingles<TSingles>;
}
