namespace DropoutSharp.Torch;

/// <summary>How thoroughly co-adaptation is measured.</summary>
public readonly record struct CoAdaptationOptions
{
    /// <summary>The defaults: 10 steps, 8 orders, 16 contexts, 32 units.</summary>
    public CoAdaptationOptions()
    {
    }

    /// <summary>Into how many equal steps the share of deleted units is divided, at least 2.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>In how many random orders units are deleted, at least 1.</summary>
    public int Orders { get; init; } = 8;

    /// <summary>In how many random halves of the other units the usefulness of a unit is tried, at least 2.</summary>
    public int Contexts { get; init; } = 16;

    /// <summary>Of how many units at most the usefulness is tried, at least 2.</summary>
    public int Units { get; init; } = 32;

    /// <summary>Decides the orders, the contexts and the units.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        AtLeast(Steps, 2, nameof(Steps));
        AtLeast(Orders, 1, nameof(Orders));
        AtLeast(Contexts, 2, nameof(Contexts));
        AtLeast(Units, 2, nameof(Units));
    }

    private static void AtLeast(int value, int least, string name)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}; received {value}.");
        }
    }
}
