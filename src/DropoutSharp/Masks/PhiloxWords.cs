namespace DropoutSharp;

/// <summary>The four 32-bit words of a Philox counter or of a Philox draw.</summary>
/// <param name="Word0">Word 0.</param>
/// <param name="Word1">Word 1.</param>
/// <param name="Word2">Word 2.</param>
/// <param name="Word3">Word 3.</param>
public readonly record struct PhiloxWords(uint Word0, uint Word1, uint Word2, uint Word3)
{
    internal uint this[int index] => index switch { 0 => Word0, 1 => Word1, 2 => Word2, _ => Word3 };
}
