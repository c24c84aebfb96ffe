namespace DropoutSharp.Lab.Models;

/// <summary>Which file holds a model's weights, and what it must be.</summary>
/// <param name="File">Its name, in the model's folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal digits.</param>
internal sealed record ModelWeightsFile(string File, long Bytes, string Sha256);
