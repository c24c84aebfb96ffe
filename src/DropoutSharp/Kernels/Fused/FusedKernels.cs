namespace DropoutSharp;

/// <summary>Chooses the forms of the fused operations.</summary>
internal static unsafe class FusedKernels
{
    private static void Run<TFunction>(
        TFunction function, bool isShort, float* destination, long length, DropRate dropRate, MaskStream stream, long firstElement, VectorWidth width)
        where TFunction : struct, IFusedFunction
    {
        if (StreamedStore.Fits(destination, length, firstElement))
        {
            Run<TFunction, StreamedStore>(function, isShort, destination, length, dropRate.KeepThreshold, stream, firstElement, width);
            Interlocked.MemoryBarrier();
            return;
        }

        Run<TFunction, OrdinaryStore>(function, isShort, destination, length, dropRate.KeepThreshold, stream, firstElement, width);
    }

    private static void Run<TFunction, TStore>(
        TFunction function, bool isShort, float* destination, long length, ulong threshold, MaskStream stream, long firstElement, VectorWidth width)
        where TFunction : struct, IFusedFunction
        where TStore : struct, IStore
    {
        if (isShort)
        {
            MaskDriver.Run(stream, threshold, firstElement, length, new FusedOperation<TFunction, TStore>(function, destination), width, Parallelism.Default);
        }
        else
        {
            Spread(new FusedBlocks<TFunction, TStore>(function, destination, threshold, stream, firstElement, width), length);
        }
    }

    public static void Forward(
        FusedActivation activation, float* x, float* bias, int columns, float* destination, long length, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
    {
        switch (activation)
        {
            case FusedActivation.Identity:
                Forward<IdentityActivation>(x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            case FusedActivation.Relu:
                Forward<ReluActivation>(x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            case FusedActivation.Gelu:
                Forward<GeluActivation>(x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            case FusedActivation.GeluTanh:
                Forward<GeluTanhActivation>(x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            default:
                Forward<SiluActivation>(x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
        }
    }

    public static void Gradient(
        FusedActivation activation, float* gradient, float* x, float* bias, int columns, float* destination, long length, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
    {
        switch (activation)
        {
            case FusedActivation.Identity:
                // The slope is 1 wherever it is taken: neither input nor bias is read.
                Run(new ActivationDropoutFunction<IdentityActivation, NoBias>(gradient, default, scale), true, destination, length, dropRate, stream, firstElement, width);
                break;
            case FusedActivation.Relu:
                Gradient<ReluActivation>(gradient, x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            case FusedActivation.Gelu:
                Gradient<GeluActivation>(gradient, x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            case FusedActivation.GeluTanh:
                Gradient<GeluTanhActivation>(gradient, x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
            default:
                Gradient<SiluActivation>(gradient, x, bias, columns, destination, length, dropRate, scale, stream, firstElement, width);
                break;
        }
    }

    public static void Add(
        float* x, float* bias, int columns, float* residual, float* destination, long length, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
    {
        if (columns == 0)
        {
            Run(new DropoutAddFunction<NoBias>(x, default, residual, scale), true, destination, length, dropRate, stream, firstElement, width);
            return;
        }

        ColumnBias values = ColumnBias.Create(bias, columns);
        Run(new DropoutAddFunction<ColumnBias>(x, values, residual, scale), true, destination, length, dropRate, stream, firstElement, width);
        values.Free();
    }

    public static void ReluGradient(float* gradient, float* output, float* destination, long length, double scale, VectorWidth width)
    {
        if (StreamedStore.Fits(destination, length, 0))
        {
            Spread(new ReluGradient<StreamedStore>(gradient, output, destination, scale, width), length);
            Interlocked.MemoryBarrier();
            return;
        }

        Spread(new ReluGradient<OrdinaryStore>(gradient, output, destination, scale, width), length);
    }

    private static void Spread<TWork>(TWork work, long length)
        where TWork : struct, IRangeWork
    {
        Parallelism parallelism = Parallelism.Default;
        ForkJoin.Run(length, parallelism.Piece, length < parallelism.LeastLength ? 1 : parallelism.Threads, work);
    }

    private static void Forward<TActivation>(
        float* x, float* bias, int columns, float* destination, long length, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
        where TActivation : struct, IActivationFunction
    {
        if (columns == 0)
        {
            Run(new ActivationDropoutFunction<TActivation, NoBias>(x, default, scale), TActivation.IsShort, destination, length, dropRate, stream, firstElement, width);
            return;
        }

        ColumnBias values = ColumnBias.Create(bias, columns);
        Run(new ActivationDropoutFunction<TActivation, ColumnBias>(x, values, scale), TActivation.IsShort, destination, length, dropRate, stream, firstElement, width);
        values.Free();
    }

    private static void Gradient<TActivation>(
        float* gradient, float* x, float* bias, int columns, float* destination, long length, DropRate dropRate, double scale, MaskStream stream, long firstElement, VectorWidth width)
        where TActivation : struct, IActivationFunction
    {
        if (columns == 0)
        {
            Run(new ActivationDropoutGradientFunction<TActivation, NoBias>(gradient, x, default, scale), TActivation.IsShort, destination, length, dropRate, stream, firstElement, width);
            return;
        }

        ColumnBias values = ColumnBias.Create(bias, columns);
        Run(new ActivationDropoutGradientFunction<TActivation, ColumnBias>(gradient, x, values, scale), TActivation.IsShort, destination, length, dropRate, stream, firstElement, width);
        values.Free();
    }
}
