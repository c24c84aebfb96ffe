using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Masks as bits.</summary>
internal static class PackedBits
{
    /// <summary>The bits of a bool tensor in logical order: element i is bit i mod 8, counted from the lowest, of byte i / 8.</summary>
    public static unsafe byte[] Of(Tensor mask)
    {
        using Tensor local = mask.cpu().contiguous();
        long count = local.numel();
        byte[] bits = new byte[(count + 7) / 8];
        byte* values = (byte*)TensorMemory.Address(local);
        for (long i = 0; i < count; i++)
        {
            bits[i >> 3] |= (byte)(values[i] << (int)(i & 7));
        }

        return bits;
    }
}
