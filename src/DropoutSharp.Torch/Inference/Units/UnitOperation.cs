using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A step of one pass that computes with kept units only.</summary>
internal abstract class UnitOperation : IDisposable
{
    /// <summary>Computes it for a batch of rows.</summary>
    /// <param name="input">What comes in.</param>
    /// <param name="frame">The pass, and the rows.</param>
    /// <returns>A tensor of its own.</returns>
    public abstract Tensor Run(Tensor input, PassFrame frame);

    /// <summary>The same as modules that draw nothing.</summary>
    /// <exception cref="ArgumentException">The pass's draws cannot be kept as a module; the message names what draws.</exception>
    public abstract IEnumerable<nn.Module<Tensor, Tensor>> ToModules();

    /// <summary>Whether units are left out.</summary>
    public virtual bool IsThin => false;

    /// <summary>How many calls of libtorch or of a kernel it takes.</summary>
    public virtual int Steps => 1;

    /// <summary>How many multiplications a row takes.</summary>
    public virtual double ProductsPerRow => 0;

    /// <summary>How many of them a row would take with all units.</summary>
    public virtual double FullProductsPerRow => ProductsPerRow;

    /// <summary>How many weights are multiplied.</summary>
    public virtual double Weights => 0;

    /// <summary>How many there are with all units.</summary>
    public virtual double FullWeights => Weights;

    /// <summary>How many weights are copied out of the whole.</summary>
    public virtual double CopiedWeights => 0;

    /// <summary>How many of those are multiplied where they lie, and not copied, where rows are few.</summary>
    public virtual double UncopiedWeights => 0;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Runs steps one after the other.</summary>
    /// <returns>A tensor of its own.</returns>
    public static Tensor RunAll(IReadOnlyList<UnitOperation> operations, Tensor input, PassFrame frame)
    {
        Tensor value = input;
        foreach (UnitOperation operation in operations)
        {
            Tensor before = value;
            value = operation.Run(before, frame);
            if (!ReferenceEquals(before, input))
            {
                before.Dispose();
            }
        }

        return ReferenceEquals(value, input) ? input.alias() : value;
    }
}
