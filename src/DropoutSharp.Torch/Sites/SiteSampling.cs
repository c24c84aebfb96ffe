namespace DropoutSharp.Torch;

/// <summary>How a site draws while <see cref="DropoutSite.Sample(SiteSampling)"/> is in force, as in Monte-Carlo inference.</summary>
/// <param name="Stream">
/// The position of the first draw; each forward pass takes one step. Derive its key (<see cref="MaskStream.Derive"/>) so that training's masks are not used
/// again.
/// </param>
/// <param name="IsSharedByRows">Whether one mask is drawn for all rows (the first dimension) instead of one a row.</param>
/// <param name="FirstRow">The index, in the whole data, of the input's first row: masks then do not depend on how data are cut into batches.</param>
public readonly record struct SiteSampling(MaskStream Stream, bool IsSharedByRows = false, long FirstRow = 0);
