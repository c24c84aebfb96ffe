namespace DropoutSharp.Torch;

/// <summary>libtorch could not be loaded; the message is one sentence that names the cause.</summary>
public sealed class LibtorchLoadException : Exception
{
    /// <summary>A failure with its cause.</summary>
    /// <param name="message">The cause and what mends it.</param>
    /// <param name="inner">What the system said, where it said anything.</param>
    public LibtorchLoadException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
