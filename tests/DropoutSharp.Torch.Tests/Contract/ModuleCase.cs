namespace DropoutSharp.Torch.Tests.Contract;

/// <summary>What a module does to kept and dropped elements.</summary>
public enum ElementLaw
{
    /// <summary>Kept elements are scaled, dropped ones are +0.</summary>
    Select,

    /// <summary>Kept elements are scaled and shifted, dropped ones take a fixed value.</summary>
    Affine,

    /// <summary>Kept elements stay, dropped ones become normal numbers that do not depend on the input.</summary>
    Fill,

    /// <summary>Each element is multiplied with a factor.</summary>
    Factor,

    /// <summary>To each element something is added.</summary>
    Summand,
}

/// <summary>A module that passes the contract suite, and what is particular to it.</summary>
public sealed record ModuleCase
{
    /// <summary>Makes it: drop rate, seed, in place. In place is never asked of a module whose <see cref="HasInplace"/> is false.</summary>
    public required Func<double, ulong?, bool, DropoutModule> Create { get; init; }

    /// <summary>What it does to an element.</summary>
    public ElementLaw Law { get; init; } = ElementLaw.Select;

    /// <summary>A shape that it takes, rows first, of 8 rows.</summary>
    public long[] Shape { get; init; } = [8, 6, 10];

    /// <summary>A shape with which its mask has about 10⁷ elements, each drawn for itself; null where they are not independent.</summary>
    public long[]? ManyDraws { get; init; } = [1000, 100, 100];

    /// <summary>A shape large enough for several threads.</summary>
    public long[] Large { get; init; } = [16, 16, 512];

    /// <summary>Shapes that it refuses.</summary>
    public long[][] WrongShapes { get; init; } = [];

    /// <summary>Whether it takes tensors of any rank, a scalar too.</summary>
    public bool TakesAnyRank => WrongShapes.Length == 0;

    /// <summary>Whether it can work in place.</summary>
    public bool HasInplace { get; init; } = true;

    /// <summary>Whether its rate may be 1.</summary>
    public bool CanDropAll => Law is ElementLaw.Select or ElementLaw.Fill;

    /// <summary>Whether its mask has a row for each row of the input.</summary>
    public bool HasRowMasks { get; init; } = true;

    /// <summary>Whether it draws a Bernoulli mask.</summary>
    public bool HasMask => Law is ElementLaw.Select or ElementLaw.Affine or ElementLaw.Fill;

    /// <summary>Whether the mean over masks is what evaluation gives, for inputs of the mean that the law keeps.</summary>
    public bool KeepsExpectation { get; init; } = true;
}
