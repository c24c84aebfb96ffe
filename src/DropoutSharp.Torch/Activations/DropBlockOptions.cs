namespace DropoutSharp.Torch;

/// <summary>How DropBlock reads its input, shares its masks and scales what it keeps.</summary>
/// <param name="ShareChannels">Whether the channels of a sample share a mask, instead of each having its own as in the paper.</param>
/// <param name="ScaleByKeptShare">
/// Whether kept cells are divided by the share of cells that the step's masks kept, as in the paper and in torchvision, instead of by the keep probability. The sum of a
/// constant input is then the same in every step, but a row's scale depends on the other rows of its batch.
/// </param>
/// <param name="ChannelsLast">Whether the data are (N, …, C) instead of (N, C, …).</param>
/// <param name="Inplace">Whether the input is changed in training.</param>
/// <param name="Scaling">When kept cells are scaled.</param>
/// <param name="FillWithNoise">
/// Whether dropped cells become standard normal numbers instead of zeros; kept ones are then not scaled. timm's <c>with_noise</c>; only with <see cref="Scaling.Inverted"/> and without
/// <paramref name="ScaleByKeptShare"/>, which would scale them.
/// </param>
/// <param name="ShareSamples">
/// Whether all samples of a batch have one mask, that of the first, and with <paramref name="FillWithNoise"/> one noise, instead of one each: timm's <c>batchwise</c>. Fewer masks are drawn, and more
/// of a step hangs on each.
/// </param>
public readonly record struct DropBlockOptions(
    bool ShareChannels = false,
    bool ScaleByKeptShare = false,
    bool ChannelsLast = false,
    bool Inplace = false,
    Scaling Scaling = Scaling.Inverted,
    bool FillWithNoise = false,
    bool ShareSamples = false);
