using DropoutSharp.Lab.Models;

namespace DropoutSharp.Cli.Commands;

/// <summary>Which folder a MODEL on the command line means.</summary>
internal static class ModelPath
{
    /// <summary>A model's own folder, or the model in the folder of a run.</summary>
    /// <param name="path">What was given.</param>
    public static string Find(string path)
    {
        string inRun = Path.Combine(path, "model");
        return !File.Exists(Path.Combine(path, ModelFolder.DescriptionName)) && File.Exists(Path.Combine(inRun, ModelFolder.DescriptionName)) ? inRun : path;
    }
}
