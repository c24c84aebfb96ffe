namespace DropoutSharp;

/// <summary>An activation and its derivative on registers of floats. Every width computes the same bits.</summary>
internal interface IActivationFunction
{
    /// <summary>Whether it is a few instructions, for which there is room between those that draw the mask.</summary>
    static abstract bool IsShort { get; }

    /// <summary>The activation.</summary>
    static abstract TSingles Value<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>;

    /// <summary>Its derivative.</summary>
    static abstract TSingles Slope<TSingles>(TSingles z)
        where TSingles : struct, ISingles<TSingles>;
}
