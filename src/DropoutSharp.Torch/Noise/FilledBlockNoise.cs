using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Block masks on feature maps whose dropped cells become standard normal numbers; kept cells stay what they are.</summary>
/// <param name="block">The masks, without a scale.</param>
/// <param name="position">The masks' position.</param>
/// <param name="firstElement">The index, in the whole noise, of the input's first element.</param>
/// <param name="isSharedByRows">Whether all rows have the same noise.</param>
internal sealed class FilledBlockNoise(BlockNoise block, MaskStream position, long firstElement, bool isSharedByRows) : TensorNoise
{
    /// <inheritdoc/>
    /// <remarks>The noise does not depend on the input: its gradient is the masks'.</remarks>
    public override TensorNoise Gradient => block;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input)
    {
        using Tensor kept = block.Mask(input.device);
        Tensor filled = NormalFill.Apply(kept, input, position, firstElement, isSharedByRows);
        if (input.is_contiguous() || !TensorMemory.IsDense(input))
        {
            return filled;
        }

        using (filled)
        {
            return TensorMemory.NewLike(input).copy_(filled);
        }
    }

    /// <inheritdoc/>
    public override void ApplyInPlace(Tensor input)
    {
        using Tensor filled = Apply(input);
        input.copy_(filled);
    }
}
