namespace DropoutSharp;

/// <summary>The divergence of the noise on one weight, and its slopes.</summary>
internal interface IDivergence
{
    /// <summary>Whether it depends on the weight itself, and not on the noise's parameter alone.</summary>
    static abstract bool NeedsWeight { get; }

    /// <summary>The divergence in nats.</summary>
    /// <param name="weight">The weight; of no meaning where it is not needed.</param>
    /// <param name="noise">The noise's parameter.</param>
    /// <param name="weightSlope">Its derivative with respect to the weight.</param>
    /// <param name="noiseSlope">Its derivative with respect to the noise's parameter.</param>
    static abstract TSingles Apply<TSingles>(TSingles weight, TSingles noise, out TSingles weightSlope, out TSingles noiseSlope)
        where TSingles : struct, ISingles<TSingles>;
}
