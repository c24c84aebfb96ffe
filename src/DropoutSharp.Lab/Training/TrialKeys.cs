namespace DropoutSharp.Lab.Training;

/// <summary>The keys of one training, derived from its seed: each use has its own, so that none can disturb another.</summary>
/// <param name="Seed">The seed.</param>
/// <remarks>
/// Trainings of the same seed share first weights, row order and masks whatever their variant and rate, so that the difference between two of
/// them comes from what was changed and not from other luck: that is what makes a comparison over seeds a paired one.
/// </remarks>
public readonly record struct TrialKeys(ulong Seed)
{
    /// <summary>Decides the first weights.</summary>
    public ulong Weights => MaskStream.DeriveKey(Seed, 1);

    /// <summary>Decides the order of the rows in each epoch.</summary>
    public ulong RowOrder => MaskStream.DeriveKey(Seed, 2);

    /// <summary>Decides the masks of training.</summary>
    public ulong Masks => MaskStream.DeriveKey(Seed, 3);

    /// <summary>Decides the masks of Monte-Carlo evaluation.</summary>
    public ulong MonteCarlo => MaskStream.DeriveKey(Seed, 4);
}
