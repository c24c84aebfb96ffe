namespace DropoutSharp;

/// <summary>A register of real numbers, float or double. The scalar form has one lane; arithmetic is IEEE 754's, the same in every width.</summary>
internal unsafe interface IReals<TSelf>
    where TSelf : struct, IReals<TSelf>
{
    /// <summary>How many numbers a register holds.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(Coefficient value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Chooses lane by lane, by the bits of a mask.</summary>
    /// <param name="kept">A bit an element, from the lowest.</param>
    /// <param name="part">Which stretch of <see cref="Count"/> bits belongs to this register; a constant.</param>
    /// <param name="whenKept">Chosen where the bit is 1.</param>
    /// <param name="whenDropped">Chosen where it is 0.</param>
    static abstract TSelf SelectKept(uint* kept, int part, TSelf whenKept, TSelf whenDropped);

    /// <summary>The product where an element is kept, else +0: with 512 bits one instruction does both.</summary>
    /// <param name="kept">A bit an element, from the lowest.</param>
    /// <param name="part">Which stretch of <see cref="Count"/> bits belongs to this register; a constant.</param>
    /// <param name="a">One factor.</param>
    /// <param name="b">The other.</param>
    static abstract TSelf MultiplyKept(uint* kept, int part, TSelf a, TSelf b);
}
