namespace DropoutSharp.Lab.Data;

/// <summary>Turns raw rows into features; everything that it knows was learned from training rows only.</summary>
public sealed class FeatureEncoder
{
}
