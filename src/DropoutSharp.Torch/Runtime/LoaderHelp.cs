namespace DropoutSharp.Torch;

/// <summary>What it took to load TorchSharp's native library.</summary>
public enum LoaderHelp
{
    /// <summary>It is not loaded.</summary>
    NotLoaded,

    /// <summary>The system loaded it by itself.</summary>
    NotNeeded,

    /// <summary>The system did not find it; it was loaded from the folder where it lies.</summary>
    Located,

    /// <summary>
    /// The system's C++ library is older than the one that it names, so a private copy was loaded in which the versions that it names but never
    /// uses are optional.
    /// </summary>
    PrivateCopy,
}
