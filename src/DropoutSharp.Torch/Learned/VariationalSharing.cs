namespace DropoutSharp.Torch;

/// <summary>What has a noise variance α of its own.</summary>
public enum VariationalSharing
{
    /// <summary>Every weight; not for type A.</summary>
    Weight,

    /// <summary>Every input unit or channel for type A, every output unit or channel for type B.</summary>
    Unit,

    /// <summary>The layer as a whole.</summary>
    Layer,
}
