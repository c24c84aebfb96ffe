namespace DropoutSharp.Lab.Claims;

/// <summary>A point of a picture.</summary>
/// <param name="X">Its place along the axis.</param>
/// <param name="Y">Its value.</param>
/// <param name="Low">Its interval's lower end.</param>
/// <param name="High">Its interval's upper end.</param>
public readonly record struct ClaimPoint(double X, double Y, double Low, double High);
