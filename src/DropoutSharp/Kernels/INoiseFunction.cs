namespace DropoutSharp;

/// <summary>What noise makes of an element.</summary>
internal interface INoiseFunction
{
    /// <summary>The new values of a register of elements.</summary>
    /// <param name="x">Their values.</param>
    /// <param name="normal">A standard normal number for each.</param>
    TReals Invoke<TReals>(TReals x, TReals normal)
        where TReals : struct, IReals<TReals>;
}
