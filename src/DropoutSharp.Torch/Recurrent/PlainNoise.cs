namespace DropoutSharp.Torch;

/// <summary>Nothing: the loop is the network itself.</summary>
internal sealed class PlainNoise : RecurrentNoise
{
    public static readonly PlainNoise Instance = new();
}
