namespace DropoutSharp.Lab.Networks;

/// <summary>Every kind of network that can be trained. A kind that is added here appears everywhere.</summary>
public static class NetworkCatalog
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<NetworkKind> All { get; } = [Mlp.Kind, ResidualMlp.Kind, Cnn.Kind, ResNet.Kind, Transformer.Kind];

    /// <summary>The kind of an identifier.</summary>
    /// <param name="id">The identifier, in any case.</param>
    /// <exception cref="UserErrorException">There is none; the message names those there are.</exception>
    public static NetworkKind Find(string id) =>
        All.FirstOrDefault(kind => kind.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
        ?? throw new UserErrorException($"Network must be one of {string.Join(", ", All.Select(kind => kind.Id))}; received {id}.");

    /// <summary>The options with nothing left open: the kind that suits the rows, and its own sizes where none are given.</summary>
    /// <param name="options">The options as given.</param>
    /// <param name="rowShape">The shape of one row: <c>[features]</c> or <c>[channels, height, width]</c>.</param>
    /// <exception cref="UserErrorException">The kind does not exist or does not take such rows.</exception>
    public static NetworkOptions Resolve(NetworkOptions options, IReadOnlyList<int> rowShape)
    {
        bool isImage = rowShape.Count == 3;
        NetworkKind kind = options.Kind is { } id ? Find(id) : isImage ? Cnn.Kind : Mlp.Kind;
        if (options.Norm != Normalization.None && !kind.Norms.Contains(options.Norm))
        {
            string rule = kind.Norms.Count == 0
                ? $"Norm must be none for network {kind.Id}, which has its own"
                : $"Norm must be one of none, {string.Join(", ", kind.Norms.Select(Word))} for network {kind.Id}";
            throw new UserErrorException($"{rule}; received {Word(options.Norm)}.");
        }

        return !isImage && kind.NeedsImages
            ? throw new UserErrorException($"Network {kind.Id} needs images; received rows of {string.Join("×", rowShape)} features.")
            : options with
            {
                Kind = kind.Id,
                HiddenSizes = options.HiddenSizes ?? kind.HiddenSizes,
                Channels = kind.Channels.Count == 0 ? [] : options.Channels ?? kind.Channels,
            };
    }

    private static string Word(Normalization norm) => norm.ToString().ToLowerInvariant();
}
