namespace DropoutSharp.Lab.Networks;

/// <summary>A kind of network: what it is called, which rows it takes, and how it is built.</summary>
public sealed record NetworkKind
{
    /// <summary>The identifier on the command line and in files, such as <c>mlp</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, in half a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether it takes images alone.</summary>
    public bool NeedsImages { get; init; }

    /// <summary>The normalisations that its hidden layers can have beside none; empty where it has its own.</summary>
    public IReadOnlyList<Normalization> Norms { get; init; } = [];

    /// <summary>The widths of the hidden layers where none are given.</summary>
    public required IReadOnlyList<int> HiddenSizes { get; init; }

    /// <summary>The numbers of feature maps where none are given; empty where the kind has no convolutions.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [];

    /// <summary>Adds every layer but the output to an empty list, and returns the width that comes out. Takes the list, the shape of one row, and the options with nothing left open.</summary>
    public required Func<LayerList, IReadOnlyList<int>, NetworkOptions, long> AddHiddenLayers { get; init; }
}
