using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>A module that can tell the latest mask of each of its sites.</summary>
internal interface IMaskedSites
{
    /// <summary>The latest mask that a site drew, as a new tensor; null before the first, and where no one tensor holds it.</summary>
    /// <param name="site">One of the module's own sites.</param>
    Tensor? LatestMask(DropoutSite site);
}
