namespace DropoutSharp;

/// <summary>A constant of a kernel, once rounded to each precision that kernels compute in.</summary>
internal readonly struct Coefficient(double value)
{
    public readonly float Single = (float)value;
    public readonly double Double = value;
}
