namespace DropoutSharp.Lab;

/// <summary>A mistake of the user's that one sentence explains: what must be, and what was received. The command exits with code 2.</summary>
public sealed class UserErrorException : Exception
{
    /// <summary>An error without a message.</summary>
    public UserErrorException()
    {
    }

    /// <summary>An error that one sentence explains.</summary>
    /// <param name="message">What must be, and what was received; names the file, the line or the column.</param>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>An error that one sentence explains, with its cause.</summary>
    /// <param name="message">What must be, and what was received; names the file, the line or the column.</param>
    /// <param name="innerException">The cause.</param>
    public UserErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
