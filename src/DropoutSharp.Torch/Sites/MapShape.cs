using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>The shapes of feature maps that a variant takes: batched or not, channels first or last.</summary>
internal static class MapShape
{
    private static readonly string[] Axes = ["L", "H, W", "D, H, W"];

    /// <summary>Refuses a tensor that is neither a batch of maps nor the maps of one sample.</summary>
    public static void Check(Tensor input, int axes, bool channelsLast, string variant)
    {
        if (input.dim() != axes + 1 && input.dim() != axes + 2)
        {
            string maps = channelsLast ? $"{Axes[axes - 1]}, C" : $"C, {Axes[axes - 1]}";
            throw new ArgumentException(
                $"Input of {variant} must have the shape (N, {maps}) or ({maps}); received shape [{string.Join(", ", input.shape)}].", nameof(input));
        }
    }
}
