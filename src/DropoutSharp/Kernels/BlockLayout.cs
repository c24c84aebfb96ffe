namespace DropoutSharp;

/// <summary>How the maps of a batch lie in memory, and which of them share a mask.</summary>
/// <param name="Samples">The number of samples.</param>
/// <param name="Channels">The number of channels of a sample.</param>
/// <param name="ChannelsLast">Whether the memory is (sample, cell, channel) instead of (sample, channel, cell).</param>
/// <param name="ShareChannels">Whether the channels of a sample have one mask, instead of one each.</param>
/// <param name="ShareSamples">Whether all samples have the masks of the first one, instead of their own.</param>
public readonly record struct BlockLayout(long Samples, int Channels, bool ChannelsLast = false, bool ShareChannels = false, bool ShareSamples = false)
{
    /// <summary>How many masks are drawn.</summary>
    public long Maps => MaskSamples * (ShareChannels ? 1 : Channels);

    /// <summary>For how many samples masks are drawn.</summary>
    internal long MaskSamples => ShareSamples ? Math.Min(1, Samples) : Samples;
}
