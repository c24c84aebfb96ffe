namespace DropoutSharp;

/// <summary>The group of the mask stream: the elements whose bytes eight neighbouring counters give.</summary>
internal static class MaskGroup
{
    public const int Elements = 128;
    public const int ElementsPerCounter = 16;
}
