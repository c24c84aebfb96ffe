namespace DropoutSharp.Torch;

/// <summary>A file of weights cannot be read or written; the message is one sentence that names the file and what is wrong with it.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>A failure of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence that starts with the file's name.</param>
    /// <param name="inner">What the system said, where it said anything.</param>
    public CheckpointException(string path, string problem, Exception? inner = null)
        : base($"{path} {problem.TrimEnd('.')}.", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
