using System.Globalization;

namespace DropoutSharp.Cli.Output;

/// <summary>Shows how far a piece of work is: a line a tenth, each once, from whatever thread.</summary>
/// <param name="error">Where to.</param>
/// <param name="what">What is done.</param>
internal sealed class WorkProgress(TextWriter error, string what)
{
    private readonly Lock _lock = new();
    private int _tenths;

    /// <summary>Reports.</summary>
    /// <param name="done">The share that is done, in [0, 1].</param>
    public void Report(double done)
    {
        lock (_lock)
        {
            int tenths = (int)(done * 10);
            if (tenths > _tenths)
            {
                _tenths = tenths;
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {tenths * 10} %"));
            }
        }
    }
}
