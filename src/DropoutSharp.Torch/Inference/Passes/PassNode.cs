using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A part of a model, as Monte-Carlo passes run it.</summary>
/// <param name="path">The names that lead to it in the model.</param>
internal abstract class PassNode(string path)
{
    public string Path => path;

    /// <summary>Whether passes differ in it, whatever comes in.</summary>
    public abstract bool IsStochastic { get; }

    /// <summary>Whether it may be run by several threads at once: it draws by itself and not through the state of a module.</summary>
    public virtual bool IsFreeThreaded => true;

    /// <summary>Whether what a row gives is known not to depend on the rows beside it.</summary>
    public abstract bool IsRowwise { get; }

    /// <summary>The module that does the same, or null where there is none.</summary>
    public virtual nn.Module<Tensor, Tensor>? Source => null;

    /// <summary>The parts that it is made of.</summary>
    public virtual IEnumerable<PassNode> Parts => [];

    /// <summary>Runs it in several passes.</summary>
    /// <param name="input">What comes in; it stays the caller's.</param>
    /// <param name="frame">The passes.</param>
    public abstract PassValue Run(PassValue input, PassFrame frame);

    /// <summary>Runs it in one pass, as far as it goes with the kept units only, and notes how.</summary>
    /// <param name="trace">What comes in, and the notes.</param>
    /// <param name="wanted">Which of so many units that it gives will be kept by a mask behind it; null for all.</param>
    public virtual void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted) => trace.Run(this);

    /// <summary>It and all parts below it.</summary>
    public IEnumerable<PassNode> All() => Parts.SelectMany(static part => part.All()).Prepend(this);
}
