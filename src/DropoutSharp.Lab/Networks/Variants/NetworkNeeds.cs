namespace DropoutSharp.Lab.Networks;

/// <summary>What a variant may need a network to have.</summary>
internal static class NetworkNeeds
{
    /// <summary>Whether it has feature maps.</summary>
    public static bool HasMaps(NetworkOptions network) => Is(network, "cnn", "resnet");

    /// <summary>Whether it has residual branches.</summary>
    public static bool HasBranches(NetworkOptions network) => Is(network, "resmlp", "resnet", "transformer");

    /// <summary>Whether it is of one of some kinds.</summary>
    public static bool Is(NetworkOptions network, params ReadOnlySpan<string> kinds) => network.Kind is { } kind && kinds.Contains(kind);
}
