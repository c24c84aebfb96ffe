namespace DropoutSharp;

/// <summary>Chooses the forms of the fused operations whose mask all rows share.</summary>
internal static unsafe class RowKernels
{
    public static void Forward(
        FusedActivation activation, float* x, float* destination, long rows, int columns, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
    {
        RowMask mask = new(columns, dropRate, stream, firstElement);
        fixed (uint* bits = mask.Bits)
        {
            switch (activation)
            {
                case FusedActivation.Identity:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropout<IdentityActivation>(x, destination, bits, columns, scale, width));
                    break;
                case FusedActivation.Relu:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropout<ReluActivation>(x, destination, bits, columns, scale, width));
                    break;
                case FusedActivation.Gelu:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropout<GeluActivation>(x, destination, bits, columns, scale, width));
                    break;
                case FusedActivation.GeluTanh:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropout<GeluTanhActivation>(x, destination, bits, columns, scale, width));
                    break;
                default:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropout<SiluActivation>(x, destination, bits, columns, scale, width));
                    break;
            }
        }

        mask.Free();
    }

    public static void Gradient(
        FusedActivation activation, float* gradient, float* x, float* destination, long rows, int columns, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
    {
        RowMask mask = new(columns, dropRate, stream, firstElement);
        fixed (uint* bits = mask.Bits)
        {
            switch (activation)
            {
                case FusedActivation.Identity:
                    // The slope is 1 wherever it is taken: the input is not read.
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropout<IdentityActivation>(gradient, destination, bits, columns, scale, width));
                    break;
                case FusedActivation.Relu:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropoutGradient<ReluActivation>(gradient, x, destination, bits, columns, scale, width));
                    break;
                case FusedActivation.Gelu:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropoutGradient<GeluActivation>(gradient, x, destination, bits, columns, scale, width));
                    break;
                case FusedActivation.GeluTanh:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropoutGradient<GeluTanhActivation>(gradient, x, destination, bits, columns, scale, width));
                    break;
                default:
                    ForkJoin.RunEqually(rows, columns, new ActivationRowDropoutGradient<SiluActivation>(gradient, x, destination, bits, columns, scale, width));
                    break;
            }
        }

        mask.Free();
    }
}
