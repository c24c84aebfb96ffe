namespace DropoutSharp.Lab.Networks;

/// <summary>A place in a network at which a variant puts a module.</summary>
/// <param name="Place">What is acted on.</param>
/// <param name="Rate">The drop rate here; above 0.</param>
/// <param name="Key">The key of the masks, the same for all sites of a network.</param>
/// <param name="Number">The site's number; unique in the network.</param>
public readonly record struct SitePlacement(DropoutPlace Place, DropRate Rate, ulong Key, uint Number);
