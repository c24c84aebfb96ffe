namespace DropoutSharp;

/// <summary>How the maps of a batch lie in memory, and whether the channels of a sample share a mask.</summary>
/// <param name="Samples">The number of samples.</param>
/// <param name="Channels">The number of channels of a sample.</param>
/// <param name="ChannelsLast">Whether the memory is (sample, cell, channel) instead of (sample, channel, cell).</param>
/// <param name="ShareChannels">Whether the channels of a sample have one mask, instead of one each.</param>
public readonly record struct BlockLayout(long Samples, int Channels, bool ChannelsLast = false, bool ShareChannels = false)
{
    /// <summary>How many masks are drawn.</summary>
    public long Maps => ShareChannels ? Samples : Samples * Channels;
}
