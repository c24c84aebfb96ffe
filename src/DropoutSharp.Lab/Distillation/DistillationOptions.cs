namespace DropoutSharp.Lab.Distillation;

/// <summary>How a model with dropout becomes an ensemble of a few of its sub-networks.</summary>
public sealed record DistillationOptions
{
    /// <summary>How many sub-networks the ensemble has; at least 1.</summary>
    public int Members { get; init; } = 8;

    /// <summary>How many sub-networks they are chosen from; at least as many.</summary>
    public int Candidates { get; init; } = 64;

    /// <summary>Passes of the Monte-Carlo mean that is the teacher, every row with masks of its own; at least 1.</summary>
    public int TeacherPasses { get; init; } = 100;

    /// <summary>Epochs in which the members together learn to say what the teacher says; 0 for none.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Step size of that learning.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Decides the sub-networks, the teacher's masks and which rows judge.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="UserErrorException">An option is out of its range.</exception>
    public void Check()
    {
        if (Members < 1 || Candidates < Members || TeacherPasses < 1 || Epochs < 0 || !(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            throw new UserErrorException(FormattableString.Invariant(
                $"Distillation needs at least 1 member, as many candidates, 1 pass of the teacher, 0 epochs and a positive learning rate; received {Members}, {Candidates}, {TeacherPasses}, {Epochs} and {LearningRate}."));
        }
    }
}
